import { scanWithKubeScore } from "../../../tools/policy/kube-score";
import { describeOnlyWith } from "../../support/needs";
import { BAD_OBJECTS, releaseOf, SOUND_OBJECTS } from "./bad-objects";

describeOnlyWith("kube-score", "kube-score over charts", () => {
  const checks = async (...releases: Parameters<typeof scanWithKubeScore>[0]) =>
    (await scanWithKubeScore(releases)).findings.map(({ check, resource }) => `${check} ${resource}`);

  test("finds what a bad release has and the sound one has not, with its subject", async () => {
    const before = await checks(releaseOf("sound", SOUND_OBJECTS));
    const [name, objects] = Object.entries(BAD_OBJECTS)[1] as [string, readonly unknown[]];
    const found = await checks(releaseOf(name, objects));
    expect(found.filter((each) => !before.includes(each.replace(name, "sound")))).toEqual([
      `container-security-context-readonlyrootfilesystem ${name}/Deployment/api`,
    ]);
  });

  test("no release's network policy is another's", async () => {
    const [name, objects] = Object.entries(BAD_OBJECTS)[3] as [string, readonly unknown[]];
    expect(await checks(releaseOf("sound", SOUND_OBJECTS), releaseOf(name, objects))).toContain(
      `pod-networkpolicy ${name}/Deployment/api`,
    );
  });

  test("fails for pods that it passes over, whatever else it scores", async () => {
    const release = releaseOf("other", SOUND_OBJECTS);
    const objects = release.objects.map(({ subject, object, text }) => ({
      subject,
      object,
      text: subject.resource === "other/Deployment/api" ? text.replace("apps/v1", "apps/v9") : text,
    }));
    const { failures } = await scanWithKubeScore([{ ...release, objects }]);
    expect(failures).toEqual(["kube-score did not scan other/Deployment/api"]);
  });

  test("fails for a release that it does not understand", async () => {
    const release = releaseOf("broken", SOUND_OBJECTS);
    const objects = release.objects.map((object) => ({ ...object, text: "a: b: c\n" }));
    const { failures, findings } = await scanWithKubeScore([{ ...release, objects }]);
    expect([findings, failures]).toEqual([
      [],
      [expect.stringMatching(/^kube-score gave no report on release of broken: ./)],
    ]);
  });
});
