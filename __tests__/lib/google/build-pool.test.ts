import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { BuildPool, type BuildPoolProps } from "../../../lib/google/build-pool";
import { Networking } from "../../../lib/google/networking";
import { synthesize } from "../../support/synth";

const pool = (changes: Partial<BuildPoolProps> = {}, withNetwork = false) =>
  synthesize((stack) => {
    new GoogleProvider(stack, "google");
    const network = withNetwork
      ? new Networking(stack, "network", {
          projectId: "p",
          region: "us-central1",
          name: "vpc",
          subnets: {},
          privateServices: { cidr: "10.3.0.0/16" },
        })
      : undefined;
    const { id } = new BuildPool(stack, "pool", {
      projectId: "p",
      region: "us-central1",
      name: "builds",
      machineType: "e2-standard-4",
      network,
      ...changes,
    });
    stack.output("id", { value: id });
  });

test("is a pool without addresses on the internet", () => {
  expect(pool().resource("google_cloudbuild_worker_pool", "pool")).toEqual({
    project: "p",
    location: "us-central1",
    name: "builds",
    worker_config: { machine_type: "e2-standard-4", disk_size_gb: 100, no_external_ip: true },
  });
});

test("has addresses and a larger disk where it says so", () => {
  const { worker_config } = pool({ externalAddresses: true, diskSizeGb: 200 }).resource(
    "google_cloudbuild_worker_pool",
    "pool",
  );
  expect(worker_config).toMatchObject({ no_external_ip: false, disk_size_gb: 200 });
});

test("reaches into a network, once that has private services access", () => {
  const stack = pool({}, true);
  expect(stack.resource("google_cloudbuild_worker_pool", "pool")).toMatchObject({
    network_config: { peered_network: "${google_compute_network.network.id}" },
    depends_on: ["google_service_networking_connection.network_private_services"],
  });
});

test("tells its name, as triggers take it", () => {
  expect(pool().outputs["id"]?.["value"]).toBe("${google_cloudbuild_worker_pool.pool.id}");
});
