import { CliError, EXIT } from "../command-line/errors";
import { cleanLine } from "../command-line/foreign-text";

/** Octokit is an ES module, which this program is not; and only these commands need it. */
const loadOctokit = () => import("@octokit/rest");
type Octokit = InstanceType<Awaited<ReturnType<typeof loadOctokit>>["Octokit"]>;
type OpenIssues = Awaited<ReturnType<Octokit["issues"]["listForRepo"]>>["data"];

/** An issue that exists as long as there is something to say. */
export interface StandingIssue {
  /** Tells it from others: `drift staging-base`. */
  readonly key: string;
  readonly label: string;
  readonly title: string;
  /** What there is to say; undefined where there is nothing. */
  readonly body: string | undefined;
}

/** A rule that counts for a branch, and the ruleset that it is of. */
export interface BranchRule {
  readonly type: string;
  readonly ruleset_id: number;
}

export interface Ruleset {
  /** Who is not held by its rules; GitHub tells administrators of the repository alone. */
  readonly bypass_actors?: readonly { readonly actor_type: string; readonly actor_id?: number | null }[];
}

export type IssueChange = "opened" | "updated" | "closed" | "none";

/** Comments and issues of one repository. */
export class GitHub {
  private constructor(
    private readonly api: Octokit,
    private readonly owner: string,
    private readonly repo: string,
  ) {}

  /**
   * As the environment of a workflow's step says: GITHUB_REPOSITORY, GITHUB_API_URL, and GITHUB_TOKEN, which the step has
   * to be given.
   * @throws {CliError} when one of them is not there
   */
  static async connect(
    environment: Readonly<Record<string, string | undefined>> = process.env,
  ): Promise<GitHub> {
    const { GITHUB_TOKEN: auth, GITHUB_REPOSITORY: repository, GITHUB_API_URL: baseUrl } = environment;
    const [owner, repo] = repository?.split("/") ?? [];
    if (!auth || !owner || !repo)
      throw new CliError(
        "GITHUB_TOKEN and GITHUB_REPOSITORY (owner/name) have to be set, as in a step of a workflow with env: GITHUB_TOKEN",
      );
    const { Octokit } = await loadOctokit();
    const api = new Octokit({ auth, ...(baseUrl ? { baseUrl } : {}), log: SILENT });
    return new GitHub(api, owner, repo);
  }

  /** Writes the one comment of a pull request that begins with the marker: the first time a new one, then that. */
  async upsertComment(pullRequest: number, marker: string, body: string): Promise<"created" | "updated"> {
    const at = { owner: this.owner, repo: this.repo };
    return this.attempt("pull-requests: write", async () => {
      const comments = await this.api.paginate(this.api.issues.listComments, {
        ...at,
        issue_number: pullRequest,
        per_page: 100,
      });
      // A person's comment that quotes the marker is hers.
      const own = comments.find(
        (comment) => comment.user?.type === "Bot" && comment.body?.startsWith(marker),
      );
      if (own) await this.api.issues.updateComment({ ...at, comment_id: own.id, body });
      else await this.api.issues.createComment({ ...at, issue_number: pullRequest, body });
      return own ? "updated" : "created";
    });
  }

  /**
   * Number of the open pull request of a branch whose newest commit this is; undefined where there is none any more.
   *
   * @param head owner and name of the branch, `alice:topic`
   */
  async openPullRequest(head: string, commit: string): Promise<number | undefined> {
    const { data } = await this.attempt("pull-requests: read", () =>
      this.api.pulls.list({ owner: this.owner, repo: this.repo, state: "open", head, per_page: 100 }),
    );
    return data.find(({ head: { sha } }) => sha === commit)?.number;
  }

  /** Opens, updates or closes issues, so that there is one for each that has something to say. */
  async syncIssues(wanted: readonly StandingIssue[]): Promise<Map<string, IssueChange>> {
    const changes = new Map<string, IssueChange>();
    const open = await this.openIssues();
    for (const issue of wanted) changes.set(issue.key, await this.syncIssue(issue, open));
    return changes;
  }

  /**
   * Files in which a branch differs from a commit that was its newest once; of one that was renamed, both names.
   *
   * @see https://docs.github.com/en/rest/commits/commits#compare-two-commits
   * @returns undefined where they are more than GitHub names
   * @throws {CliError} where the branch does not go on from the commit: GitHub then compares it with what both began with
   */
  async changedSince(commit: string, branch: string): Promise<readonly string[] | undefined> {
    const { data } = await this.attempt("contents: read", () =>
      this.api.repos.compareCommitsWithBasehead({
        owner: this.owner,
        repo: this.repo,
        basehead: `${commit}...${branch}`,
      }),
    );
    if (data.status !== "identical" && data.status !== "ahead")
      throw new CliError(
        `${commit.slice(0, 12)} is no commit of ${branch}, or ${branch} was put back behind it`,
        EXIT.refused,
      );
    const files = data.files ?? [];
    if (files.length >= MOST_COMPARED) return undefined;
    return files
      .flatMap(({ filename, previous_filename: before }) => (before ? [before, filename] : [filename]))
      .map((file) => cleanLine(file));
  }

  /** Every active rule for a branch, whether or not the branch is there. */
  async branchRules(branch: string): Promise<BranchRule[]> {
    const rules = await this.attempt("metadata: read", () =>
      this.api.paginate(this.api.repos.getBranchRules, {
        owner: this.owner,
        repo: this.repo,
        branch,
        per_page: 100,
      }),
    );
    return rules.flatMap(({ type, ruleset_id }) => (ruleset_id === undefined ? [] : [{ type, ruleset_id }]));
  }

  /** A ruleset of the repository, or of the organization that it is in. */
  async ruleset(id: number): Promise<Ruleset> {
    const { data } = await this.attempt("metadata: read", () =>
      this.api.repos.getRepoRuleset({ owner: this.owner, repo: this.repo, ruleset_id: id }),
    );
    return data;
  }

  /** Not by label: GitHub leaves one out in silence that the token may not make, and people take them off. */
  private async openIssues(): Promise<OpenIssues> {
    return this.attempt("issues: read", () =>
      this.api.paginate(this.api.issues.listForRepo, {
        owner: this.owner,
        repo: this.repo,
        state: "open",
        per_page: 100,
      }),
    );
  }

  private async syncIssue(
    { key, label, title, body }: StandingIssue,
    open: OpenIssues,
  ): Promise<IssueChange> {
    const at = { owner: this.owner, repo: this.repo };
    const marker = `<!-- plue: ${key} -->`;
    const existing = open.find((issue) => issue.user?.type === "Bot" && issue.body?.startsWith(marker));
    return this.attempt("issues: write", async () => {
      if (body === undefined) {
        if (!existing) return "none";
        await this.api.issues.update({
          ...at,
          issue_number: existing.number,
          state: "closed",
          state_reason: "completed",
        });
        return "closed";
      }
      const text = `${marker}\n${body}`;
      if (existing) await this.api.issues.update({ ...at, issue_number: existing.number, title, body: text });
      else await this.api.issues.create({ ...at, title, body: text, labels: [label] });
      return existing ? "updated" : "opened";
    });
  }

  private async attempt<T>(permission: string, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      const { status, message, response } = error as Error & { status?: number; response?: unknown };
      if (status === undefined) throw error;
      // Octokit calls it a 500 when there was no answer at all.
      if (!response)
        throw new CliError(
          `GitHub cannot be reached (${cleanLine(message)}): check the network and try again`,
        );
      const hint =
        status === 401 || status === 403 || status === 404
          ? `: the job's token has to have permissions: ${permission}, and a pull request from a fork gets none`
          : "";
      throw new CliError(`GitHub answered ${status} (${cleanLine(message.split("\n", 1)[0] ?? "")})${hint}`);
    }
  }
}

/** GitHub names no more files of a comparison. */
const MOST_COMPARED = 300;

const nothing = () => {};
/** Octokit logs each failed request, which is told once here. */
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };
