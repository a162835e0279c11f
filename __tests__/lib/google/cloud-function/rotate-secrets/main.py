"""Adds a version to the secret that a rotation reminder is about."""

import base64
import json
import os
import secrets

import functions_framework
from google.cloud import secretmanager


@functions_framework.cloud_event
def rotate_secret(event):
    message = event.data["message"]
    if message.get("attributes", {}).get("eventType") != "SECRET_ROTATE":
        return
    name = json.loads(base64.b64decode(message["data"]))["name"]
    value = secrets.token_urlsafe(int(os.environ.get("BYTES", "32")))
    secretmanager.SecretManagerServiceClient().add_secret_version(
        parent=name, payload={"data": value.encode()}
    )
