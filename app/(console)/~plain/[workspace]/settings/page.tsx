export { default, metadata } from "../../../[workspace]/settings/page.tsx";
