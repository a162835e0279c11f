// Arguments in TypeScript sources, by the names around them, and the source without one of them.
import ts from "typescript-stock";

/**
 * Every argument of a source that could be left out: by the names of the declarations, constructs and arguments around it,
 * outermost first, and its own, with dots between. What an object is spread from counts as an argument: `...name`.
 *
 * @returns {{path: string, without: () => string}[]}
 */
export function argumentsOf(text, file) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = [];
  const visit = (node, around) => {
    const name = nameOf(node);
    const path = name === undefined ? around : around === "" ? name : `${around}.${name}`;
    if (name !== undefined && ts.isObjectLiteralElementLike(node))
      found.push({ path, without: () => cut(text, node) });
    ts.forEachChild(node, (child) => visit(child, path));
  };
  visit(source, "");
  return found;
}

/**
 * The one argument of a source whose path ends so.
 * @throws when there is none, or several
 */
export function argumentAt(text, wanted, file) {
  const found = argumentsOf(text, file).filter(({ path }) => `.${path}`.endsWith(`.${wanted}`));
  if (found.length === 1) return found[0];
  throw new Error(
    found.length === 0
      ? `${file} has no argument ${wanted}; policy/hardening.yaml has to follow the source`
      : `${file} has several arguments ${wanted}: ${found.map(({ path }) => path).join(", ")}; write more of one in policy/hardening.yaml`,
  );
}

/** What a node adds to the path of those inside it; undefined for nothing. */
function nameOf(node) {
  if (ts.isPropertyAssignment(node) && !ts.isComputedPropertyName(node.name)) return node.name.text;
  if (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) return node.name.getText();
  if (ts.isSpreadAssignment(node)) return `...${spreadFrom(node.expression)}`;
  if (ts.isNewExpression(node)) return node.expression.getText();
  const declares = [
    ts.isClassDeclaration,
    ts.isFunctionDeclaration,
    ts.isGetAccessorDeclaration,
    ts.isMethodDeclaration,
    ts.isVariableDeclaration,
  ];
  return declares.some((is) => is(node)) ? node.name?.getText() : undefined;
}

/** `hardenedNode` of `...hardenedNode(account)`, `props.labels` of `...(props.labels && {})`. */
function spreadFrom(expression) {
  if (ts.isParenthesizedExpression(expression)) return spreadFrom(expression.expression);
  if (ts.isBinaryExpression(expression)) return spreadFrom(expression.left);
  return ts.isCallExpression(expression) ? expression.expression.getText() : expression.getText();
}

/** The text without a node, its comment and its comma. */
function cut(text, node) {
  const comma = /^\s*,/.exec(text.slice(node.end))?.[0].length ?? 0;
  return text.slice(0, node.getFullStart()) + text.slice(node.end + comma);
}
