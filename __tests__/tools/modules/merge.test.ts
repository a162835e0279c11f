import { mergeTrees } from "../../../tools/modules/merge";
import { Choice, type Condition, Each, isObject, type Tree } from "../../../tools/modules/tree";
import fc from "../../support/properties";

const off = (path: string): Condition => ({ path, is: "off" });
const never = () => false;

/** What a merged tree comes to when one choice is taken, or none. */
function resolve(tree: Tree | undefined, taken?: string): Tree | undefined {
  if (tree instanceof Choice) {
    const other = tree.others.find(([{ path }]) => path === taken);
    return resolve(other ? other[1] : tree.base, taken);
  }
  if (tree instanceof Each) return new Each(tree.entry, resolve(tree.content, taken) as Tree, tree.key);
  if (Array.isArray(tree))
    return tree.map((item) => resolve(item, taken)).filter((item) => item !== undefined) as Tree;
  if (!isObject(tree)) return tree;
  const entries = Object.entries(tree).map(([key, value]) => [key, resolve(value, taken)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Tree;
}

describe("merging trees", () => {
  test("keeps what is the same, and puts a choice where it is not, as deep inside as possible", () => {
    const base = { a: 1, b: { c: "x", d: true } };
    const merged = mergeTrees(base, [[off("p"), { a: 1, b: { c: "y", d: true } }]], never);
    expect(merged).toEqual({ a: 1, b: { c: new Choice("x", [[off("p"), "y"]]), d: true } });
  });

  test("says what is there only sometimes", () => {
    const merged = mergeTrees(
      { a: 1, b: 2 },
      [
        [off("p"), { a: 1 }],
        [off("q"), { a: 1, b: 2, c: 3 }],
      ],
      never,
    );
    expect(merged).toEqual({
      a: 1,
      b: new Choice(2, [[off("p"), undefined]]),
      c: new Choice(undefined, [[off("q"), 3]]),
    });
  });

  test("tells what is missing from what is different", () => {
    const merged = mergeTrees(
      { x: { a: 1 } },
      [
        [off("p"), {}],
        [off("q"), { x: { a: 2 } }],
      ],
      never,
    );
    expect(merged).toEqual({
      x: new Choice({ a: new Choice(1, [[off("q"), 2]]) }, [[off("p"), undefined]]),
    });
  });

  test("aligns lists of which one has all items of the others", () => {
    const merged = mergeTrees(["a", "b", "c"], [[off("p"), ["a", "c"]]], never);
    expect(merged).toEqual(["a", new Choice("b", [[off("p"), undefined]]), "c"]);
  });

  test("leaves to a variable what the variable explains", () => {
    const merged = mergeTrees(
      { a: "var", b: 1 },
      [[off("p"), { a: "value", b: 1 }]],
      (base) => base === "var",
    );
    expect(merged).toEqual({ a: "var", b: 1 });
  });

  test("looks into what there is for each entry", () => {
    const [one, other] = [new Each("x.*", { a: 1 }), new Each("x.*", { a: 2 })];
    expect(mergeTrees([one], [[off("p"), [other]]], never)).toEqual([
      new Each("x.*", { a: new Choice(1, [[off("p"), 2]]) }),
    ]);
  });

  test("loses nothing: each tree comes out again when its choice is taken", () => {
    const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<Tree>(0, 1, "a", "b", true),
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom("k", "l", "m"), tie("tree"), { noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(tree, tree, tree, (base, one, other) => {
        const merged = mergeTrees(
          base,
          [
            [off("p"), one],
            [off("q"), other],
          ],
          never,
        );
        expect([resolve(merged), resolve(merged, "p"), resolve(merged, "q")]).toEqual([base, one, other]);
      }),
    );
  });
});
