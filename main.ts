import { createApp } from "./lib/core/app";
import { declareStacks } from "./stacks/plue";
import { Charts } from "./stacks/plue/charts";
import { readProject } from "./stacks/plue/config/project";

const project = readProject();
const charts = new Charts();
const app = createApp();
declareStacks(app, project, charts);
app.synth();
charts.stage(app.outdir);
