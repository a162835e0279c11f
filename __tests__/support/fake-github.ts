import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

interface Comment {
  readonly id: number;
  readonly issue: number;
  body: string;
  readonly user: { readonly login: string; readonly type: "Bot" | "User" };
}

interface Issue {
  readonly number: number;
  title: string;
  body: string;
  state: string;
  readonly labels: readonly string[];
  readonly user: { readonly login: string; readonly type: "Bot" | "User" };
}

const BOT = { login: "github-actions[bot]", type: "Bot" } as const;
const PERSON = { login: "alice", type: "User" } as const;
/** What GitHub takes at most. */
const LONGEST_BODY = 65_536;

/**
 * A server that behaves as GitHub's documentation says of the few calls that the program makes: pages of comments and
 * issues, writing them, and refusals. It proves what the program asks for and what it does with an answer, and nothing
 * about GitHub.
 *
 * @see https://docs.github.com/en/rest/issues/comments
 * @see https://docs.github.com/en/rest/issues/issues
 * @see https://docs.github.com/en/rest/commits/commits#compare-two-commits
 * @see https://docs.github.com/en/rest/pulls/pulls#list-pull-requests
 * @see https://docs.github.com/en/rest/repos/rules
 */
export class FakeGithub {
  readonly comments: Comment[] = [];
  readonly issues: Issue[] = [];
  /** Files in which main differs from any other commit: names, or how GitHub tells of one that was renamed. */
  ahead: (string | { readonly filename: string; readonly previous_filename: string })[] = [];
  /** How main stands to any other commit, if not ahead by these files. */
  compared: "diverged" | "behind" | undefined;
  /** Rulesets: what branch each is about, its rules, and whom it lets by. */
  readonly rulesets: {
    readonly branch: string;
    readonly rules: readonly string[];
    readonly bypass: readonly { readonly actor_type: string; readonly actor_id: number | null }[];
  }[] = [];
  /** The token is an administrator's, whom GitHub tells who may get around a rule. */
  administrator = true;
  /** Open pull requests: the branch that each is of, and its newest commit. */
  readonly pullRequests: { readonly number: number; readonly head: string; readonly sha: string }[] = [];
  /** Calls that came in: `GET /repos/…`. */
  readonly calls: string[] = [];
  /** Leaves the labels of new issues out, as for a token that may not make them. */
  dropsLabels = false;
  /** Refuses every call with this status. */
  refusal: number | undefined;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeGithub> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const github = new FakeGithub(server);
    server.on("request", async (request, response) => {
      const { status, body, headers } = github.answer(request, await bodyOf(request));
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify(body));
    });
    return github;
  }

  /** What a step of a workflow has in its environment. */
  get environment(): Record<string, string> {
    return {
      GITHUB_API_URL: this.url,
      GITHUB_REPOSITORY: "plue/infrastructure",
      GITHUB_TOKEN: "emulated-token",
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_RUN_ID: "77",
    };
  }

  /** A comment that is there already. */
  comment(issue: number, body: string, author: "bot" | "person" = "person"): void {
    this.comments.push({ id: this.comments.length + 1, issue, body, user: author === "bot" ? BOT : PERSON });
  }

  async stop(): Promise<void> {
    this.server.close();
    await once(this.server, "close");
  }

  private get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private answer({ method = "GET", url = "/", headers }: IncomingMessage, given: Partial<Issue>): Answer {
    const { pathname, searchParams } = new URL(url, this.url);
    const path = pathname.replace("/repos/plue/infrastructure/", "");
    this.calls.push(`${method} ${path}`);
    if (this.refusal) return refuse(this.refusal, "Resource not accessible by integration");
    if (headers.authorization !== "token emulated-token") return refuse(401, "Bad credentials");
    if ((given.body ?? "").length > LONGEST_BODY)
      return refuse(422, "Validation Failed: body is too long (maximum is 65536 characters)");
    const [, issue] = /^issues\/(\d+)\/comments$/.exec(path) ?? [];
    const [, comment] = /^issues\/comments\/(\d+)$/.exec(path) ?? [];
    const [, existing] = /^issues\/(\d+)$/.exec(path) ?? [];
    if (method === "GET" && /^compare\/[0-9a-f]{40}\.\.\.(main|develop)$/.test(path))
      return { status: 200, body: this.comparison() };
    const [, branch] = /^rules\/branches\/(.+)$/.exec(path) ?? [];
    if (method === "GET" && branch) {
      const rules = this.rulesets.flatMap((ruleset, index) =>
        ruleset.branch === decodeURIComponent(branch)
          ? ruleset.rules.map((type) => ({ type, ruleset_source_type: "Repository", ruleset_id: index + 1 }))
          : [],
      );
      return this.page(rules, searchParams, url);
    }
    const ruleset = this.rulesets[Number(/^rulesets\/(\d+)$/.exec(path)?.[1]) - 1];
    if (method === "GET" && ruleset) {
      const { bypass: bypass_actors } = ruleset;
      return { status: 200, body: { enforcement: "active", ...(this.administrator && { bypass_actors }) } };
    }
    if (method === "GET" && issue)
      return this.page(
        this.comments.filter((each) => each.issue === Number(issue)),
        searchParams,
        url,
      );
    if (method === "POST" && issue) {
      this.comment(Number(issue), given.body ?? "", "bot");
      return { status: 201, body: this.comments.at(-1) };
    }
    if (method === "PATCH" && comment) {
      const found = this.comments.find(({ id }) => id === Number(comment));
      return found ? { status: 200, body: Object.assign(found, given) } : refuse(404, "Not Found");
    }
    if (method === "GET" && path === "pulls") {
      const of = this.pullRequests.filter(({ head }) => head === searchParams.get("head"));
      return { status: 200, body: of.map(({ number, sha }) => ({ number, head: { sha } })) };
    }
    if (method === "GET" && path === "issues") {
      const open = this.issues.filter(({ state }) => state === searchParams.get("state"));
      return this.page(open, searchParams, url);
    }
    if (method === "POST" && path === "issues") {
      const { title = "", body = "" } = given;
      const labels = this.dropsLabels ? [] : (given.labels ?? []);
      this.issues.push({ number: this.issues.length + 1, title, body, labels, state: "open", user: BOT });
      return { status: 201, body: this.issues.at(-1) };
    }
    if (method === "PATCH" && existing) {
      const found = this.issues.find(({ number }) => number === Number(existing));
      return found ? { status: 200, body: Object.assign(found, given) } : refuse(404, "Not Found");
    }
    return refuse(404, "Not Found");
  }

  private comparison() {
    const files = this.ahead.map((file) =>
      typeof file === "string" ? { filename: file, status: "modified" } : { ...file, status: "renamed" },
    );
    return { status: this.compared ?? (files.length > 0 ? "ahead" : "identical"), files };
  }

  /** A page of at most 100, with the header by which a client finds the next. */
  private page(all: readonly object[], query: URLSearchParams, url: string): Answer {
    const size = Math.min(Number(query.get("per_page") ?? 30), 100);
    const page = Number(query.get("page") ?? 1);
    const body = all.slice((page - 1) * size, page * size);
    const next = new URL(url, this.url);
    next.searchParams.set("page", String(page + 1));
    return {
      status: 200,
      body,
      headers: page * size < all.length ? { link: `<${next.href}>; rel="next"` } : {},
    };
  }
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
}

function refuse(status: number, message: string): Answer {
  return { status, body: { message } };
}

async function bodyOf(request: IncomingMessage): Promise<Partial<Issue>> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text ? JSON.parse(text) : {};
}
