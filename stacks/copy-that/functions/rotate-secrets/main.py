"""Gives a secret another random value when Secret Manager reminds of it."""

import base64
import binascii
import json
import logging
import os
import secrets
from datetime import datetime

import functions_framework
from google.cloud import secretmanager


@functions_framework.http
def rotate_secret(request):
    return "ok"
