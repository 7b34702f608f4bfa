// node --import ./local/with-environment.ts <script>: gives a script the variables with which the product's processes of this machine run.
import path from "node:path";
import { readConfig } from "./config.ts";
import { describeDeployment } from "./deployment.ts";

const folder = path.resolve(process.env["CAIRN_HOME"] ?? ".local");
Object.assign(process.env, describeDeployment(readConfig(folder), folder).env);
