import { BinaryAuthorizationAttestor } from "@cdktf/provider-google/lib/binary-authorization-attestor";
import { BinaryAuthorizationAttestorIamMember } from "@cdktf/provider-google/lib/binary-authorization-attestor-iam-member";
import { ContainerAnalysisNote } from "@cdktf/provider-google/lib/container-analysis-note";
import { ContainerAnalysisNoteIamMember } from "@cdktf/provider-google/lib/container-analysis-note-iam-member";
import { KmsCryptoKeyIamMember } from "@cdktf/provider-google/lib/kms-crypto-key-iam-member";
import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { nameProblem, type PropProblem, problemAt, rejectProps } from "../core/invalid-props";
import { lifecycle } from "../core/props";
import type { KmsSigningKey } from "./kms";

export interface AttestorProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Name of the attestor and of its note: at most 63 lower-case letters, digits and -. Changing it recreates both. */
  readonly name: string;
  /** What an attestation says of an image, for people: "Built from main by CI". */
  readonly description: string;
  /** Key whose signatures count. Another one makes those of this one worth nothing, so attest what runs again first. */
  readonly signingKey: Pick<KmsSigningKey, "algorithm" | "id" | "publicKeyPem" | "versionId">;
  /**
   * IAM members that may sign with the key and attest, such as the identity of the build, by a short name. The key needs no
   * signers of its own.
   */
  readonly signers: Readonly<Record<string, string>>;
  /** Terraform refuses to destroy note and attestor, without which no image that is to be attested starts. */
  readonly deletionProtection: boolean;
}

/**
 * Attestor of Binary Authorization: an authority whose signed statement about an image, by digest, lets a cluster run it. It
 * is a note of Artifact Analysis, to which attestations are attached, the public key that they are checked with, and the
 * rights of who makes them. Demand it by `attested` of {@link BinaryAuthorization}.
 *
 * A signer attests an image after it is pushed: `gcloud beta container binauthz attestations sign-and-create
 * --artifact-url=<image>@sha256:… --attestor=<name> --attestor-project=<project> --keyversion=<version>`. To write the
 * attestation a signer may also write others of the project (`roles/containeranalysis.occurrences.editor`): these have no
 * finer place, and without the key's signature they count for nothing.
 *
 * Costs nothing but the key's use. Who applies it needs `roles/binaryauthorization.attestorsAdmin`,
 * `roles/containeranalysis.notes.editor`, and to grant on the key.
 *
 * Source: OctoLLM document, section "Binary Authorization (GKE)".
 * @see https://cloud.google.com/binary-authorization/docs/creating-attestors-console
 * @see https://cloud.google.com/binary-authorization/docs/making-attestations
 * @throws when the name is none, or nobody may sign
 * @example
 * ```ts
 * const builds = new RuntimeIdentity(stack, "builds", {
 *   projectId: "acme-prod",
 *   accountId: "shop-builds",
 *   displayName: "Builds of the shop",
 * });
 * const keys = new KmsKeys(stack, "keys", {
 *   projectId: "acme-prod",
 *   location: "us-central1",
 *   name: "acme-prod",
 *   signingKeys: { attestations: {} },
 * });
 * const attestor = new Attestor(stack, "attestor", {
 *   projectId: "acme-prod",
 *   name: "built-by-ci",
 *   description: "Built from main by CI",
 *   signingKey: keys.signingKey("attestations"),
 *   signers: { builds: builds.member },
 *   deletionProtection: true,
 * });
 * new BinaryAuthorization(stack, "images", {
 *   projectId: "acme-prod",
 *   images: ["registry.k8s.io/kubectl:*"],
 *   attested: { images: ["us-central1-docker.pkg.dev/acme-prod/shop/*"], by: [attestor] },
 * });
 * ```
 */
export class Attestor extends Construct {
  /** `projects/<project>/attestors/<name>`. */
  readonly id: string;
  /** The signers' grants: what attests depends on them. */
  readonly grants: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: AttestorProps) {
    super(scope, id);
    rejectProps(this, problems(props));
    const { projectId: project, name, description, signingKey } = props;
    const protection = lifecycle(props.deletionProtection);
    const note = new ContainerAnalysisNote(this, "note", {
      project,
      name,
      shortDescription: description,
      attestationAuthority: { hint: { humanReadableName: name } },
      lifecycle: protection,
    });
    const attestor = new BinaryAuthorizationAttestor(this, "Resource", {
      project,
      name,
      description,
      attestationAuthorityNote: {
        noteReference: note.name,
        publicKeys: [
          {
            // As a signature by Cloud KMS names its key; another id and it is not found.
            id: `//cloudkms.googleapis.com/v1/${signingKey.versionId}`,
            pkixPublicKey: {
              publicKeyPem: signingKey.publicKeyPem,
              signatureAlgorithm: signingKey.algorithm,
            },
          },
        ],
      },
      lifecycle: protection,
    });
    this.id = attestor.id;
    this.grants = Object.entries(props.signers).flatMap(([signer, member]) => {
      const rights = new Construct(this, signer);
      return [
        new KmsCryptoKeyIamMember(rights, "signs", {
          cryptoKeyId: signingKey.id,
          role: "roles/cloudkms.signerVerifier",
          member,
        }),
        new ContainerAnalysisNoteIamMember(rights, "attaches", {
          project,
          note: note.name,
          role: "roles/containeranalysis.notes.attacher",
          member,
        }),
        new BinaryAuthorizationAttestorIamMember(rights, "sees", {
          project,
          attestor: attestor.name,
          role: "roles/binaryauthorization.attestorsViewer",
          member,
        }),
        new ProjectIamMember(rights, "writes", {
          project,
          role: "roles/containeranalysis.occurrences.editor",
          member,
        }),
      ];
    });
  }
}

function problems({ name, signers }: AttestorProps): PropProblem[] {
  const found: PropProblem[] = problemAt(["name"], nameProblem(name));
  if (Object.keys(signers).length === 0)
    found.push({
      prop: ["signers"],
      problem: "is empty, so no image can be attested",
      instead: "name whoever attests",
    });
  for (const signer of Object.keys(signers))
    if (["note", "Resource"].includes(signer))
      found.push({
        prop: ["signers", signer],
        problem: "is a name of the construct's own",
        instead: "give the signer another short name",
      });
  return found;
}
