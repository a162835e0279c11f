import { containersOf, describeCharts, environmentOf, type Manifest, Rendered } from "../support/helm";

const render = (values: object = {}) =>
  new Rendered({ chart: "pgbouncer", namespace: "shop", values: ["values.yaml", values] });
/** As helm calls it here. */
const NAME = "plue";

const PASSWORD = {
  login: { user: "shop", secret: { projectId: "acme-prod", secretId: "db-password", version: 3 } },
};
const DIRECT = {
  ...PASSWORD,
  server: {
    host: "10.3.0.9",
    port: 5433,
    tls: { mode: "verify-ca", ca: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n" },
    proxy: { instanceConnectionName: "" },
  },
};

describeCharts("helm/pgbouncer", () => {
  describe.each([
    ["the proxy and IAM", {}],
    ["the proxy and a password", PASSWORD],
    ["a server over TLS", DIRECT],
  ])("with %s", (_, values) => {
    const rendered = render(values);
    const { spec } = rendered.get("Deployment", NAME).spec.template;
    const ini: string = rendered.get("ConfigMap", NAME).data["pgbouncer.ini"];

    test("runs as pod security restricted wants it, without a token for the cluster", () => {
      expect(spec).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
      });
      for (const container of containersOf({ spec })) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
        for (const amounts of [container.resources.requests, container.resources.limits])
          expect(Object.keys(amounts).sort()).toEqual(["cpu", "ephemeral-storage", "memory"]);
      }
    });

    test("runs images by digest", () => {
      for (const { image } of containersOf({ spec })) expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
    });

    test("writes no file, so that a read-only root suffices", () => {
      for (const option of ["logfile", "pidfile", "unix_socket_dir"])
        expect(ini).toMatch(new RegExp(`^${option} =$`, "m"));
    });

    test("is looked after by probes", () => {
      const [pgbouncer, metrics] = spec.containers;
      for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"])
        expect(pgbouncer[probe].tcpSocket).toEqual({ port: "postgres" });
      expect(metrics.readinessProbe.httpGet).toEqual({ path: "/", port: "metrics" });
      expect(metrics.livenessProbe.tcpSocket).toEqual({ port: "metrics" });
    });

    test("holds no password", () => {
      expect(rendered.all("Secret")).toEqual([]);
      for (const container of containersOf({ spec })) expect(environmentOf(container)).toEqual({});
      expect(JSON.stringify(rendered.all("ConfigMap"))).not.toMatch(/password *=/);
    });

    test("is reached by the pods that are named and by what scrapes, and by nobody else", () => {
      expect(rendered.get("NetworkPolicy", NAME).spec).toMatchObject({
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          {
            from: [{ podSelector: { matchLabels: { "app.kubernetes.io/component": "api" } } }],
            ports: [{ port: 6432, protocol: "TCP" }],
          },
          {
            from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "gmp-system" } } }],
            ports: [{ port: 9127, protocol: "TCP" }],
          },
        ],
      });
    });

    test("may lose one pod at a time, by an eviction and by an upgrade, which adds none", () => {
      expect(rendered.get("PodDisruptionBudget", NAME).spec).toMatchObject({
        maxUnavailable: 1,
        selector: { matchLabels: rendered.get("Deployment", NAME).spec.selector.matchLabels },
      });
      expect(rendered.get("Deployment", NAME).spec.strategy.rollingUpdate).toEqual({
        maxSurge: 0,
        maxUnavailable: 1,
      });
    });

    test("every object is in the release's namespace, with the recommended labels", () => {
      for (const { metadata } of rendered.objects) {
        expect(metadata.namespace).toBe("shop");
        expect(metadata.labels).toMatchObject({
          "app.kubernetes.io/name": "pgbouncer",
          "app.kubernetes.io/instance": NAME,
          "app.kubernetes.io/managed-by": "Helm",
        });
      }
    });
  });

  test("sends metrics to an exporter in the same pod, as a user that only looks", () => {
    const rendered = render();
    const [, metrics] = rendered.get("Deployment", NAME).spec.template.spec.containers;
    expect(metrics.args).toContain(
      "--pgBouncer.connectionString=postgres://metrics@127.0.0.1:6432/pgbouncer?sslmode=disable",
    );
    const { "pgbouncer.ini": ini, "hba.conf": hba } = rendered.get("ConfigMap", NAME).data;
    expect(ini).toMatch(/^stats_users = metrics$/m);
    expect(ini).toMatch(/^admin_users =$/m);
    expect(hba).toContain('host pgbouncer "metrics" 127.0.0.1/32 trust\n');
  });

  test("by IAM, the proxy logs in as the pods' identity", () => {
    const rendered = render({ login: { googleServiceAccount: "pooler@acme.iam.gserviceaccount.com" } });
    const { spec } = rendered.get("Deployment", NAME).spec.template;
    const [proxy] = spec.initContainers;
    expect(proxy).toMatchObject({ restartPolicy: "Always", startupProbe: { httpGet: { path: "/startup" } } });
    expect(proxy.args).toEqual(expect.arrayContaining(["--auto-iam-authn", "project:region:instance"]));
    expect(rendered.get("ServiceAccount", NAME).metadata.annotations).toEqual({
      "iam.gke.io/gcp-service-account": "pooler@acme.iam.gserviceaccount.com",
    });
    expect(rendered.all("ExternalSecret")).toEqual([]);
    const { egress } = rendered.get("NetworkPolicy", NAME).spec;
    expect(egress.at(-1)).toEqual({
      to: [{ ipBlock: { cidr: "192.0.2.1/32" } }],
      ports: [{ port: 3307, protocol: "TCP" }],
    });
  });

  test("a password is a pinned version, of which the Secret has the name, and the proxy does not log in itself", () => {
    const rendered = render(PASSWORD);
    const secret = rendered.get("ExternalSecret", NAME);
    expect(secret.spec.data).toEqual([
      { secretKey: "password", remoteRef: { key: "db-password", version: "3" } },
    ]);
    expect(secret.spec.target.name).toBe(`${NAME}-login-3`);
    expect(rendered.get("SecretStore", NAME).spec.provider.gcpsm).toEqual({
      projectID: "acme-prod",
      auth: { workloadIdentity: { serviceAccountRef: { name: NAME } } },
    });
    const { spec } = rendered.get("Deployment", NAME).spec.template;
    expect(spec.volumes).toContainEqual({ name: "login", secret: { secretName: `${NAME}-login-3` } });
    expect(spec.initContainers[0].args).not.toContain("--auto-iam-authn");
    const data = rendered.get("ConfigMap", NAME).data;
    expect(data["hba.conf"]).toMatch(/^host all "shop" 0\.0\.0\.0\/0 scram-sha-256$/m);
    expect(data).not.toHaveProperty(["userlist.txt"]);
  });

  test("a server over TLS is checked by its authority, and nothing else is reached", () => {
    const rendered = render(DIRECT);
    const { "pgbouncer.ini": ini, "ca.pem": ca } = rendered.get("ConfigMap", NAME).data;
    expect(ini).toMatch(/^server_tls_sslmode = verify-ca$/m);
    expect(ini).toMatch(/^server_tls_ca_file = \/etc\/pgbouncer\/ca\.pem$/m);
    expect(ini).toContain("app = host=10.3.0.9 port=5433 dbname='app' user='shop' pool_size=20");
    expect(ca).toContain("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----");
    expect(rendered.get("Deployment", NAME).spec.template.spec.initContainers).toBeUndefined();
    expect(rendered.get("NetworkPolicy", NAME).spec.egress).toEqual([
      { to: [{ ipBlock: { cidr: "10.3.0.9/32" } }], ports: [{ port: 5433, protocol: "TCP" }] },
    ]);
  });

  test("takes the pool's settings", () => {
    const ini: string = render({
      databases: { app: null, shop: { database: "it's", poolSize: 7 } },
      pool: { mode: "session", maxClients: 50, minimum: 1, reserve: 2, preparedStatements: 100 },
      timeouts: {
        connect: 1,
        queryWait: 2,
        query: 3,
        idleTransaction: 4,
        serverIdle: 5,
        serverLifetime: 6,
        clientIdle: 7,
      },
    }).get("ConfigMap", NAME).data["pgbouncer.ini"];
    expect(ini).toContain("shop = host=127.0.0.1 port=5432 dbname='it''s' user='app' pool_size=7\n");
    for (const line of [
      "pool_mode = session",
      "max_client_conn = 50",
      "min_pool_size = 1",
      "reserve_pool_size = 2",
      "max_prepared_statements = 100",
      "server_connect_timeout = 1",
      "query_wait_timeout = 2",
      "query_timeout = 3",
      "idle_transaction_timeout = 4",
      "server_idle_timeout = 5",
      "server_lifetime = 6",
      "client_idle_timeout = 7",
    ])
      expect(ini.split("\n")).toContain(line);
    // Which PgBouncer before 1.21 does not know.
    expect(render().get("ConfigMap", NAME).data["pgbouncer.ini"]).not.toContain("max_prepared_statements");
  });

  test("a changed configuration replaces the pods, which keep their clients for a while", () => {
    const pod = (values: object): Manifest => render(values).get("Deployment", NAME).spec.template;
    const checksum = ({ metadata }: Manifest) => metadata.annotations["checksum/config"];
    expect(checksum(pod({ pool: { maxClients: 5 } }))).not.toBe(checksum(pod({})));
    expect(checksum(pod({ replicas: 3 }))).toBe(checksum(pod({})));
    const { spec } = pod({ timeouts: { drain: 120 } });
    expect(spec.terminationGracePeriodSeconds).toBe(130);
    expect(spec.containers[0].lifecycle.preStop).toEqual({ sleep: { seconds: 5 } });
  });

  test("spreads over zones and nodes, and takes a priority class", () => {
    const { spec } = render({ priorityClassName: "first" }).get("Deployment", NAME).spec.template;
    expect(spec.priorityClassName).toBe("first");
    expect(spec.topologySpreadConstraints.map(({ topologyKey }: Manifest) => topologyKey)).toEqual([
      "topology.kubernetes.io/zone",
      "kubernetes.io/hostname",
    ]);
  });
});
