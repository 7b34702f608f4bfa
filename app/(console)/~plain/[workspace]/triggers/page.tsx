export { default, metadata } from "../../../[workspace]/triggers/page.tsx";
