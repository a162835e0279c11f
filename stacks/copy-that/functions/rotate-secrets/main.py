"""Adds a random value to a secret when Secret Manager reminds of its rotation.

Called by a push subscription of Pub/Sub for each reminder. Success acknowledges it; anything else brings it again, and after
ten times puts it aside, which sends an alert. It only ever adds: the version in use stays in use until somebody deploys the
new one, and older ones stay until somebody destroys them.
"""

import base64
import json
import secrets
from datetime import datetime

import functions_framework
from google.cloud import secretmanager

# Of a value, before it is written in base64.
BYTES = 48


def client():
    return secretmanager.SecretManagerServiceClient()


@functions_framework.http
def rotate_secret(request):
    try:
        message = request.get_json()["message"]
        if message["attributes"]["eventType"] != "SECRET_ROTATE":
            return "", 204
        name = json.loads(base64.b64decode(message["data"]))["name"]
        reminded = datetime.fromisoformat(message["publishTime"])
    except Exception as error:
        return say("ERROR", f"this is no reminder: {error!r}", 400)
    manager = client()
    newest = next(iter(manager.list_secret_versions(parent=name)), None)
    if newest and newest.create_time >= reminded:
        # Pub/Sub delivers at least once, and again when the answer to the first time got lost.
        return say("INFO", f"{newest.name} is younger than the reminder", 200)
    value = secrets.token_urlsafe(BYTES).encode()
    added = manager.add_secret_version(parent=name, payload={"data": value})
    return say("NOTICE", f"{added.name} is there; deploy it to use it", 200)


def say(severity, text, status):
    print(json.dumps({"severity": severity, "message": text}), flush=True)
    return text, status
