import { synthesizeStack } from "../../support/program";
import { admin, attempt, eventually, succeed } from "./cluster";
import { install } from "./environment";
import { AppliedStack } from "./terraform";

/** What a cluster needs once, as the stack that brings it would make it: in its order, and taken away the other way round. */
export class Platform {
  private readonly stack: AppliedStack;

  constructor(stack: "staging-platform" | "production-app") {
    this.stack = new AppliedStack(synthesizeStack(stack));
  }

  async install(): Promise<void> {
    await this.installChart();
    admin.apply(this.stack.objects("after"));
  }

  /** What comes first: the chart with its policies, without what waits for it. */
  async installChart(): Promise<void> {
    admin.apply(this.stack.objects());
    install(this.stack.release("platform_release"));
    // A policy counts once every API server has compiled it.
    await eventually("the admission policies", () => {
      const policies = admin.list("validatingadmissionpolicies");
      return policies.every(({ status }) => status?.observedGeneration) ? true : undefined;
    });
  }

  remove(): void {
    for (const { kind, metadata } of this.stack.objects("after"))
      admin.run(["delete", kind, metadata.name, "--ignore-not-found"]);
    const { name, namespace } = this.stack.release("platform_release");
    succeed(attempt("helm", ["uninstall", name, "-n", namespace, "--ignore-not-found", "--wait"]));
  }
}
