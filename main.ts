import { App } from "cdktf";
import { disableTokenStackTraces } from "./lib/core/token-stack-traces";
import { declareStacks } from "./stacks/plue";
import { Charts } from "./stacks/plue/charts";
import { readProject } from "./stacks/plue/config/project";

disableTokenStackTraces();
const project = readProject();
const charts = new Charts();
const app = new App({ stackTraces: false });
declareStacks(app, project, charts);
app.synth();
charts.stage(app.outdir);
