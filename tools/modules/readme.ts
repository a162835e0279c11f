import type { JsonObject } from "../../lib/hcl/body";
import { valueToHcl } from "../../lib/hcl/value";
import type { ModuleDefinition } from "./definition";

/** The README of a module. */
export function readme(definition: ModuleDefinition, config: JsonObject): string {
  const { name, description, file, construct, fixed, example, notes = [] } = definition;
  const variables = Object.entries(config["variable"] as Record<string, JsonObject>);
  const outputs = Object.entries(config["output"] as Record<string, JsonObject>);
  const inputs = variables.map(([variable, block]) =>
    row(
      variable,
      firstLine(block["description"]),
      typeName(String(block["type"])),
      "default" in block ? code(block["default"]) : "required",
    ),
  );
  const choices = [
    ...Object.values(fixed),
    ...(JSON.stringify(config).includes('"prevent_destroy":true')
      ? [
          "What holds data has `prevent_destroy`, which takes no variable. To destroy it, remove the line from the module, and set `deletion_protection = false`, apply, and destroy then.",
        ]
      : []),
    ...notes,
  ];
  return `# ${name}

${description}

Made from the construct \`${construct}\` (\`${file}\`).

\`\`\`hcl
${example.trim()}
\`\`\`

## Inputs

What objects hold is described in \`variables.tf\`.

| name | description | type | default |
|---|---|---|---|
${inputs.join("\n")}

## Outputs

| name | description |
|---|---|
${outputs.map(([output, block]) => row(output, String(block["description"] ?? ""))).join("\n")}
${choices.length > 0 ? `\n## What is fixed\n\n${choices.map((choice) => `- ${choice}`).join("\n")}\n` : ""}`;
}

function row(name: string, ...cells: readonly string[]): string {
  return `| \`${name}\` | ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function firstLine(text: unknown): string {
  const [line = ""] = String(text ?? "").split("\n");
  return line.startsWith("- ") ? "" : line;
}

/** Without what is inside an object. */
function typeName(type: string): string {
  return `\`${type.replace(/object\(\{[\s\S]*\}\)/, "object")}\``;
}

function code(value: unknown): string {
  return `\`${onOneLine(valueToHcl(value, "literal", 0))}\``;
}

/** An expression of literals and objects, as `valueToHcl` lays it out, on one line. */
export function onOneLine(expression: string): string {
  return expression
    .replace(/(\n\s*\S+) +=/g, "$1 =")
    .replace(/,\n\s*\]/g, "]")
    .replace(/\n\s*/g, (end, at: number, all: string) =>
      /[[{(,]$/.test(all.slice(0, at)) || /^[\]})]/.test(all.slice(at + end.length)) ? " " : ", ",
    );
}
