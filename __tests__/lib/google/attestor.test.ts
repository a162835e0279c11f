import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { Attestor, type AttestorProps } from "../../../lib/google/attestor";
import { BinaryAuthorization } from "../../../lib/google/binary-authorization";
import { KmsKeys } from "../../../lib/google/kms";
import { synthesize } from "../../support/synth";

const KEY = "projects/p/locations/us-central1/keyRings/r/cryptoKeys/k";
const BUILDS = "serviceAccount:builds@p.iam.gserviceaccount.com";

const made = (changes: Partial<AttestorProps> = {}) =>
  synthesize((stack) => {
    new GoogleProvider(stack, "google");
    const attestor = new Attestor(stack, "ci", {
      projectId: "p",
      name: "built-by-ci",
      description: "Built from main by CI",
      signingKey: {
        id: KEY,
        versionId: `${KEY}/cryptoKeyVersions/1`,
        publicKeyPem: "PEM",
        algorithm: "EC_SIGN_P256_SHA256",
      },
      signers: { builds: BUILDS },
      deletionProtection: true,
      ...changes,
    });
    new BinaryAuthorization(stack, "images", {
      projectId: "p",
      images: [],
      attested: { images: ["registry.example/shop/*"], by: [attestor] },
    });
  });

describe("Attestor", () => {
  test("is a note, and the key that its attestations are checked with, by the name that signatures have", () => {
    expect(made().resource("google_container_analysis_note", "ci_note")).toEqual({
      project: "p",
      name: "built-by-ci",
      short_description: "Built from main by CI",
      attestation_authority: { hint: { human_readable_name: "built-by-ci" } },
      lifecycle: { prevent_destroy: true },
    });
    expect(made().resource("google_binary_authorization_attestor", "ci")).toEqual({
      project: "p",
      name: "built-by-ci",
      description: "Built from main by CI",
      attestation_authority_note: {
        note_reference: "${google_container_analysis_note.ci_note.name}",
        public_keys: [
          {
            id: `//cloudkms.googleapis.com/v1/${KEY}/cryptoKeyVersions/1`,
            pkix_public_key: { public_key_pem: "PEM", signature_algorithm: "EC_SIGN_P256_SHA256" },
          },
        ],
      },
      lifecycle: { prevent_destroy: true },
    });
  });

  test("may be destroyed where it is not protected", () => {
    const stack = made({ deletionProtection: false });
    for (const [type, id] of [
      ["google_container_analysis_note", "ci_note"],
      ["google_binary_authorization_attestor", "ci"],
    ] as const)
      expect(stack.resource(type, id)["lifecycle"]).toBeUndefined();
  });

  test("lets its signers sign, attach and see, on key, note and attestor", () => {
    const stack = made();
    const grants = ["kms_crypto_key", "container_analysis_note", "binary_authorization_attestor", "project"];
    const found = grants.flatMap((on) =>
      Object.values(stack.resources(`google_${on}_iam_member`)).map(({ "//": _, ...grant }) => grant),
    );
    expect(found).toEqual([
      { crypto_key_id: KEY, role: "roles/cloudkms.signerVerifier", member: BUILDS },
      {
        project: "p",
        note: "${google_container_analysis_note.ci_note.name}",
        role: "roles/containeranalysis.notes.attacher",
        member: BUILDS,
      },
      {
        project: "p",
        attestor: "${google_binary_authorization_attestor.ci.name}",
        role: "roles/binaryauthorization.attestorsViewer",
        member: BUILDS,
      },
      { project: "p", role: "roles/containeranalysis.occurrences.editor", member: BUILDS },
    ]);
  });

  test("is what a policy demands", () => {
    expect(
      made().resource("google_binary_authorization_policy", "images")["default_admission_rule"],
    ).toMatchObject({
      evaluation_mode: "REQUIRE_ATTESTATION",
      require_attestations_by: ["${google_binary_authorization_attestor.ci.id}"],
    });
  });

  test("takes a key of the stack: the version that signs, and its public key", () => {
    const stack = synthesize((stack) => {
      new GoogleProvider(stack, "google");
      const keys = new KmsKeys(stack, "keys", {
        projectId: "p",
        location: "us-central1",
        name: "ring",
        signingKeys: { ci: {} },
      });
      new Attestor(stack, "ci", {
        projectId: "p",
        name: "built-by-ci",
        description: "Built",
        signingKey: keys.signingKey("ci"),
        signers: { builds: BUILDS },
        deletionProtection: true,
      });
    });
    const version = "data.google_kms_crypto_key_version.keys_ci_version";
    expect(
      stack.resource("google_binary_authorization_attestor", "ci")["attestation_authority_note"].public_keys,
    ).toEqual([
      {
        id: `//cloudkms.googleapis.com/v1/\${${version}.name}`,
        pkix_public_key: {
          public_key_pem: `\${${version}.public_key[0].pem}`,
          signature_algorithm: "EC_SIGN_P256_SHA256",
        },
      },
    ]);
  });
});
