#!/usr/bin/env python3
"""Deploys what a build has made, by digest, and then moves the tag that Terraform follows.

In the environment: PROJECT, REGION, REPOSITORY (what the images' names begin with), BUILT (tag of this build's images),
TARGETS (what runs which image: "services/<name>=<image> jobs/<name>=<image>", in this order) and DEPLOY (the images to deploy,
with commas). A job is run to its end. With RELEASED the images get this tag when all of that has succeeded.

By Cloud Run's API, as gcloud would leave labels and a revision's name of its own, which the next plan would take away.
"""
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request

API = os.environ.get("RUN_API", "https://run.googleapis.com/v2")
PROJECT, REGION, REPOSITORY, BUILT = (
    os.environ[name] for name in ("PROJECT", "REGION", "REPOSITORY", "BUILT")
)


def gcloud(*args):
    done = subprocess.run(["gcloud", *args], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"gcloud {args[0]} {args[1]} failed")
    return done.stdout.strip()


def call(method, path, body=None):
    request = urllib.request.Request(f"{API}/{path}", method=method)
    request.add_header("Authorization", f"Bearer {TOKEN}")
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def deploy(kind, name, image):
    path = f"projects/{PROJECT}/locations/{REGION}/{kind}/{name}"
    try:
        now = call("GET", path)
    except urllib.error.HTTPError as error:
        if error.code != 404:
            raise
        print(f"{name} is not there yet: the application stack makes it, with the image that this build tags")
        return
    template = now["template"]
    containers = (template["template"] if kind == "jobs" else template)["containers"]
    containers[0]["image"] = image
    template.pop("revision", None)
    operation = call("PATCH", f"{path}?updateMask=template", {"template": template, "etag": now["etag"]})
    while not operation.get("done"):
        operation = call("POST", f"{operation['name']}:wait", {"timeout": "60s"})
    if "error" in operation:
        sys.exit(f"{name}: {operation['error'].get('message', 'failed')}")
    print(f"{name} runs {image}")
    if kind == "jobs":
        gcloud("run", "jobs", "execute", name, f"--project={PROJECT}", f"--region={REGION}", "--wait")


TOKEN = gcloud("auth", "print-access-token")
wanted = os.environ["DEPLOY"].split(",")
targets = [target.split("=") for target in os.environ["TARGETS"].split()]
digests = {}
try:
    for target, image in targets:
        if image not in wanted:
            continue
        if image not in digests:
            digest = gcloud(
                "artifacts", "docker", "images", "describe", f"{REPOSITORY}/{image}:{BUILT}",
                "--format=value(image_summary.digest)",
            )
            digests[image] = f"{REPOSITORY}/{image}@{digest}"
        deploy(*target.split("/"), digests[image])
except urllib.error.HTTPError as error:
    sys.exit(f"{error.url}: {error.code} {error.read().decode()[:500]}")
released = os.environ.get("RELEASED")
if released:
    for image, digest in digests.items():
        gcloud("artifacts", "docker", "tags", "add", digest, f"{REPOSITORY}/{image}:{released}")
