import { environmentLabels } from "../../lib/core/labels";
import type { Project } from "../../lib/environments/system";
import { STATE_KEY_ROTATION_DAYS, type StateKey, stateKeyName } from "../../lib/google/state-store/settings";
import type { EnvironmentFields } from "../../lib/input/configuration";
import { CliError, EXIT } from "../command-line/errors";
import { explainGoogleError, faultOf, GoogleError } from "../google/error";
import { GoogleApis } from "./google-apis";
import { StateObjects, takenByOthers } from "./state-objects";

/** Step of `plue bootstrap`: one thing that has to be there before Terraform, and how it is made. */
export interface Step {
  /** `make the bucket plue-terraform-state in us-central1` */
  readonly what: string;
  /** Looks, and changes nothing. */
  isDone(): Promise<boolean>;
  run(): Promise<void>;
}

/** APIs that Terraform needs to enable all others, and those that are called here. */
const SERVICES = ["cloudkms", "cloudresourcemanager", "serviceusage", "storage"].map(
  (name) => `${name}.googleapis.com`,
);
/** How long Google takes, now and then, to let a new grant of a key count. */
const GRANT_WAITS_MS = [5_000, 10_000, 20_000, 40_000];

/**
 * Steps that prepare a project for its first deployment, in order. Every step looks at what is there when it is asked, so a
 * run that ended half-way goes on where it ended.
 */
export class Bootstrap {
  readonly steps: readonly Step[];
  private readonly apis: GoogleApis;
  private readonly objects: StateObjects;
  private readonly projectId: string;
  private readonly fields: EnvironmentFields;
  private readonly stateKey: StateKey | undefined;
  /** Environment in whose project the bucket is. */
  private readonly owner: string;
  /** Project of the bucket, which may be production's: rights on what is in the bucket are rights there. */
  private readonly bucketProjectId: string;

  /**
   * @param waits milliseconds before each further attempt to make a bucket with a key that was granted a moment ago
   * @throws {CliError} when a variable names an emulator that cannot be one
   */
  constructor(
    project: Project,
    private readonly environment: string,
    private readonly waits: readonly number[] = GRANT_WAITS_MS,
  ) {
    this.fields = project.environments[environment] as EnvironmentFields;
    const { projectId, stateBucket } = this.fields;
    this.projectId = projectId;
    this.stateKey = project.stateKey;
    this.apis = new GoogleApis(projectId);
    this.objects = new StateObjects(projectId, stateBucket);
    this.owner = project.stateOwner(environment);
    this.bucketProjectId = (project.environments[this.owner] as EnvironmentFields).projectId;
    const owned = this.owner === environment;
    const shared = project.declared.filter((stack) => stack.environment === environment && !stack.owner);
    this.steps = [
      this.enableServices(),
      ...(owned ? [...this.makeKey(), this.allowStorage(), this.makeBucket()] : [this.findBucket()]),
      ...shared.map(({ stack }) => this.writeState(stack)),
    ];
  }

  /**
   * The steps that are still to do.
   * @param onSeen told of each step, in order
   */
  async missing(onSeen: (step: Step, done: boolean) => void = () => {}): Promise<Step[]> {
    const found: Step[] = [];
    for (const step of this.steps) {
      const done = await step.isDone();
      if (!done) found.push(step);
      onSeen(step, done);
    }
    return found;
  }

  /**
   * Does these steps, but for those that somebody else has done meanwhile.
   * @param onDone told of each that was done
   */
  async run(steps: readonly Step[], onDone: (step: Step) => void = () => {}): Promise<void> {
    for (const step of steps) {
      if (await step.isDone()) continue;
      await step.run();
      onDone(step);
    }
  }

  /** The project's true number, which names of workload identity pools hold. */
  async projectNumber(): Promise<string> {
    const attempt = `look up the number of ${this.projectId}`;
    return this.attempt(attempt, "roles/serviceusage.serviceUsageViewer", async () => {
      return (await this.apis.services(SERVICES)).projectNumber;
    });
  }

  private enableServices(): Step {
    const what = `enable ${SERVICES.join(", ")} in ${this.projectId}`;
    const missing = async () => {
      const { enabled } = await this.apis.services(SERVICES);
      return SERVICES.filter((service) => !enabled.has(service));
    };
    return this.step(what, "roles/serviceusage.serviceUsageAdmin", {
      isDone: async () => (await missing()).length === 0,
      run: async () => this.apis.enableServices(await missing()),
    });
  }

  private get kmsKey(): string {
    const { stateKmsKey, region } = this.fields;
    return stateKmsKey ?? stateKeyName(this.projectId, region, this.stateKey);
  }

  private makeKey(): Step[] {
    const role = "roles/cloudkms.admin";
    const { stateKmsKey } = this.fields;
    const key = this.kmsKey;
    const ring = key.replace(/\/cryptoKeys\/.*/, "");
    const existing = () => this.apis.hasKeyResource(key);
    if (stateKmsKey)
      return [
        this.step(`find the key ${key}`, role, {
          isDone: existing,
          run: () =>
            Promise.reject(
              new CliError(`there is no key ${key}: check stateKmsKey in cdktf.json`, EXIT.state),
            ),
        }),
      ];
    return [
      this.step(`make the key ring ${ring}`, role, {
        isDone: () => this.apis.hasKeyResource(ring),
        run: () => this.apis.createKeyRing(ring),
      }),
      this.step(`make the key ${key}`, role, {
        isDone: existing,
        run: () => this.apis.createKey(key, STATE_KEY_ROTATION_DAYS, this.labels),
      }),
    ];
  }

  private allowStorage(): Step {
    return this.step("let Cloud Storage use that key", "roles/cloudkms.admin", {
      isDone: async () => {
        if (!(await this.apis.hasKeyResource(this.kmsKey))) return false;
        return this.apis.mayUseKey(this.kmsKey, await this.objects.serviceAgent());
      },
      run: async () => this.apis.allowKey(this.kmsKey, await this.objects.serviceAgent()),
    });
  }

  private makeBucket(): Step {
    const { stateBucket, region } = this.fields;
    const make = () => this.objects.create({ region, kmsKey: this.kmsKey, labels: this.labels });
    return this.step(`make the bucket ${stateBucket} in ${region}`, "roles/storage.admin", {
      isDone: () => this.isOurs(),
      run: async () => {
        for (const wait of this.waits) {
          try {
            return await make();
          } catch (error) {
            if (!/KMS/i.test((error as Error).message)) throw error;
            await new Promise((tick) => setTimeout(tick, wait));
          }
        }
        await make();
      },
    });
  }

  /** @throws {CliError} when it is there, but in another project or place */
  private async isOurs(): Promise<boolean> {
    const { stateBucket, region } = this.fields;
    const found = await this.find(stateBucket);
    if (!found) return false;
    const { projectNumber } = await this.apis.services(SERVICES);
    if (found.projectNumber !== projectNumber) throw takenByOthers(stateBucket);
    if (found.location !== region)
      throw new CliError(
        `the bucket ${stateBucket} is in ${found.location} and not in ${region}, and a bucket cannot move: choose another stateBucket in cdktf.json`,
        EXIT.state,
      );
    return true;
  }

  /** A name that somebody else has taken answers 403, as does a bucket of one's own without rights. */
  private async find(bucket: string) {
    try {
      return await this.objects.find();
    } catch (error) {
      if (faultOf(error) !== "forbidden") throw error;
      throw new GoogleError(
        "forbidden",
        `see the bucket ${bucket}`,
        `it is somebody else's (names are unique in all of Google Cloud, so choose another stateBucket in cdktf.json), or your Google account needs roles/storage.admin on project ${this.bucketProjectId}`,
      );
    }
  }

  private findBucket(): Step {
    const { stateBucket } = this.fields;
    return this.step(`find the bucket ${stateBucket}, which production shares`, "roles/storage.admin", {
      isDone: async () => (await this.find(stateBucket)) !== undefined,
      run: () =>
        Promise.reject(
          new CliError(
            `there is no bucket ${stateBucket} yet. Several environments keep their state in it, and it belongs to ${this.owner}'s project: npx plue bootstrap ${this.owner}`,
            EXIT.state,
          ),
        ),
    });
  }

  private writeState(stack: string): Step {
    const step = {
      isDone: () => this.objects.hasState(stack),
      run: () => this.objects.writeEmptyState(stack),
    };
    const what = `write an empty state for ${stack}`;
    return this.step(what, "roles/storage.admin", step, this.bucketProjectId);
  }

  private get labels(): Record<string, string> {
    return environmentLabels(this.environment);
  }

  private step(
    what: string,
    role: string,
    { isDone, run }: Omit<Step, "what">,
    projectId = this.projectId,
  ): Step {
    return {
      what,
      isDone: () => this.attempt(`see whether to ${what}`, role, isDone, projectId),
      run: () => this.attempt(what, role, run, projectId),
    };
  }

  private async attempt<T>(
    what: string,
    role: string,
    action: () => Promise<T>,
    projectId = this.projectId,
  ): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw explainGoogleError(error, { what, projectId, role });
    }
  }
}
