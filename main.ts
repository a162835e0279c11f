import { App } from "cdktf";
import { readProject } from "./lib/config/project";
import { disableTokenStackTraces } from "./lib/token-stack-traces";
import { declareStacks } from "./stacks";
import { Charts } from "./stacks/charts";

disableTokenStackTraces();
const project = readProject();
const charts = new Charts();
const app = new App({ stackTraces: false });
declareStacks(app, project, charts);
app.synth();
charts.stage(app.outdir);
