import { cidrProblem, contains, overlap, prefixLength } from "../../../lib/core/cidr";
import fc from "../../support/properties";

/** A range by its first address as a number and its prefix length, and its text. */
const range = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 32 }))
  .map(([address, bits]) => {
    const size = 2 ** (32 - bits);
    const first = Math.floor(address / size) * size;
    const octets = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
    return { first, last: first + size - 1, bits, text: `${octets.join(".")}/${bits}` };
  });

describe("CIDR ranges", () => {
  test("every range that starts at its first address is right, and tells its prefix length", () => {
    fc.assert(
      fc.property(range, ({ text, bits }) => {
        expect(cidrProblem(text)).toBeUndefined();
        expect(prefixLength(text)).toBe(bits);
      }),
    );
  });

  test("two ranges overlap when and only when they have an address in common", () => {
    fc.assert(
      fc.property(range, range, (a, b) => {
        expect(overlap(a.text, b.text)).toBe(a.first <= b.last && b.first <= a.last);
      }),
    );
  });

  test("a range holds another when all of that's addresses are its own", () => {
    fc.assert(
      fc.property(range, range, (a, b) => {
        expect(contains(a.text, b.text)).toBe(a.first <= b.first && b.last <= a.last);
      }),
    );
    expect(contains("10.0.0.0/8", "10.255.0.0/16")).toBe(true);
  });

  test.each([
    ["10.0.0.1/16", '"10.0.0.1/16" does not begin with its first address'],
    ["010.0.0.0/16", '"010.0.0.0/16" '],
    ["10.0.0.0", '"10.0.0.0" is not an IPv4 range'],
    ["10.0.0.0/33", "is not an IPv4 range"],
    ["10.0.0.0/16 ", "is not an IPv4 range"],
    ["fd00::/8", "is not an IPv4 range"],
  ])("%j is refused", (cidr, message) => {
    expect(cidrProblem(cidr)?.problem).toContain(message);
  });
});
