import { estimateProgram } from "../../tools/cost/program";
import type { ReportProps } from "../../tools/report/model";
import { renderReport } from "../../tools/report/report";
import { projectOf, synthesizeProgram } from "./program";
import { sharedLater } from "./shared";

/** What a report of the program with so many engineers is made of. */
export function reportProps(people: number): ReportProps {
  const names = [...Array(people).keys()].map((index) => `person-${String(index + 1).padStart(2, "0")}`);
  const props = { engineers: names.map((name) => ({ name, email: `${name}@plue.dev` })) };
  const program = synthesizeProgram(props);
  const stacks = new Map([...program].map(([name, { json }]) => [name, json]));
  const engineers = names.map((name) => ({
    stack: `staging-${name}`,
    name,
    state: "active",
    url: `https://${name}.staging.plue.dev`,
    namespace: name,
    database: `plue_${name.replaceAll("-", "_")}`,
    imageTag: name,
  }));
  const limits = [{ scarce: "connections of the database", engineers: 3 }];
  const cost = estimateProgram({ stacks, declared: projectOf(props).declared, limits });
  return { stacks, cost, engineers, policy: { green: true, findings: [] } };
}

export const renderReportFor = (people: number): Promise<string> =>
  sharedLater("report", people, () => renderReport(reportProps(people)));
