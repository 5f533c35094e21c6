"""AWS's Signature Version 4, enough of it to be a stranger who calls DRS with credentials of his own."""
import datetime
import hashlib
import hmac
import json
import re
import urllib.parse

from harness import exchange


class Keys:
    def __init__(self, key, secret, token=None):
        self.key, self.secret, self.token = key, secret, token


def sign(keys, service, region, method, path, headers, body, now=None, signed=None):
    """The headers with Authorization and X-Amz-Date; `signed` names further headers to sign."""
    now = now or datetime.datetime.now(datetime.timezone.utc)
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    headers = {**headers, "x-amz-date": stamp}
    if keys.token:
        headers["x-amz-security-token"] = keys.token
    lower = {name.lower(): value.strip() for name, value in headers.items()}
    names = sorted(signed or lower)
    canonical = "\n".join([method, path, "", *(f"{name}:{lower[name]}" for name in names), "", ";".join(names),
                           hashlib.sha256(body).hexdigest()])
    scope = f"{stamp[:8]}/{region}/{service}/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"AWS4{keys.secret}".encode()
    for part in (stamp[:8], region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    headers["Authorization"] = (f"AWS4-HMAC-SHA256 Credential={keys.key}/{scope}, SignedHeaders={';'.join(names)}, "
                                f"Signature={signature}")
    return headers, stamp, names, signature


def host(origin):
    return urllib.parse.urlsplit(origin).netloc


def assume_role(origin, principal, role, external_id, region="us-east-1"):
    body = urllib.parse.urlencode({"Action": "AssumeRole", "Version": "2011-06-15", "RoleArn": role,
                                   "RoleSessionName": "stranger", "ExternalId": external_id}).encode()
    headers = {"host": host(origin), "content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    signed, *_ = sign(Keys(principal.key, principal.secret), "sts", region, "POST", "/", headers, body)
    answer = exchange(origin, "POST", "/", body, signed)
    assert answer.status == 200, answer
    text = answer.raw.decode()
    return Keys(*(re.search(f"<{name}>(.*?)</{name}>", text).group(1)
                  for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")))


def drs(origin, keys, region, operation, body):
    raw = json.dumps(body).encode()
    headers = {"host": host(origin), "content-type": "application/json"}
    signed, *_ = sign(keys, "drs", region, "POST", f"/{operation}", headers, raw)
    return exchange(origin, "POST", f"/{operation}", raw, signed)
