"""Files that the documents show, given to the programs that read them."""
import hashlib
import hmac
import os
import pathlib
import re
import subprocess
import tempfile
import time
import unittest

from stage import BIN, ROOT, free_port
from walk import eventually


def block(page, language):
    """The one block of a language on a page."""
    (text,) = re.findall(rf"^```{language}\n(.*?)^```", (ROOT / page).read_text(), re.M | re.S)
    return text


class Files(unittest.TestCase):
    def setUp(self):
        if not (BIN / "muster-hub").exists():
            self.skipTest(f"nothing is built in {BIN}")
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="muster-files-")))
        # A hub that reads its configuration, and then finds nobody where the database should be.
        self.nowhere = f"127.0.0.1:{free_port()}"
        self.keys = {"MUSTER_DATABASE_URL": f"postgresql://muster_hub@{self.nowhere}/muster?connect_timeout=1",
                     "MUSTER_SECRET_KEY": "dHJ5aW5nLW11c3Rlci1vbi15b3VyLW93bi1tYWNoaW4=",
                     "MUSTER_COGNITO_ISSUER": "https://issuer.example.com", "MUSTER_COGNITO_CLIENT_ID": "browser"}

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o600)
        return str(path)

    def read_by_a_hub(self, **keys):
        done = subprocess.run([BIN / "muster-hub", "migrate"], env={"PATH": os.environ["PATH"], **self.keys, **keys},
                              capture_output=True, text=True, timeout=300)
        self.assertNotEqual(done.returncode, 0)
        return done.stdout + done.stderr

    def test_further_issuers(self):
        secret = self.file("secret", "hidden\n")
        text = re.sub(r"/run/secrets/\w+", secret, block("Docs/Guides/sign-in.md", "yaml"))
        domain = {"MUSTER_PUBLIC_URL": "https://muster.example.com"}
        said = self.read_by_a_hub(MUSTER_ISSUERS=self.file("issuers.yaml", text), **domain)
        self.assertNotIn("MUSTER_ISSUERS", said)
        self.assertRegex(said, "[Cc]onnect|database")
        planted = self.file("planted.yaml", text.replace("kind: openid", "kind: closed"))
        self.assertIn("MUSTER_ISSUERS", self.read_by_a_hub(MUSTER_ISSUERS=planted, **domain))

    def test_prices_of_instances(self):
        text = block("Docs/Guides/orphans.md", "json")
        said = self.read_by_a_hub(MUSTER_INSTANCE_PRICES=self.file("prices.json", text))
        self.assertNotIn("MUSTER_INSTANCE_PRICES", said)
        planted = self.file("planted.json", text.replace("0.7", '"much"'))
        self.assertIn("MUSTER_INSTANCE_PRICES", self.read_by_a_hub(MUSTER_INSTANCE_PRICES=planted))

    def spoke(self, text):
        log = self.folder / "spoke.log"
        with log.open("wb") as opened:
            program = subprocess.Popen([BIN / "muster-spoke", "run"], stdin=subprocess.DEVNULL, stdout=opened, stderr=opened,
                                       env={"PATH": os.environ["PATH"], "MUSTER_HUB_URL": f"http://{self.nowhere}",
                                            "MUSTER_SPOKE_CONFIG": self.file("spoke.yaml", text), "AWS_REGION": "us-east-1",
                                            "AWS_ACCESS_KEY_ID": "AKIANONE", "AWS_SECRET_ACCESS_KEY": "none"})
        self.addCleanup(program.wait)
        self.addCleanup(program.terminate)
        return program, log

    def test_the_accounts_of_a_spoke(self):
        text = block("Docs/Operating.md", "yaml").replace("…", "")
        program, log = self.spoke(text)
        eventually("that it looks for its hub", lambda: "hub" in log.read_text() or program.poll() is not None)
        self.assertIsNone(program.poll(), log.read_text())
        self.assertNotIn("MUSTER_SPOKE_CONFIG", log.read_text())
        program, log = self.spoke(text.replace("roleArn", "role"))
        eventually("that it refuses", lambda: program.poll() is not None)
        self.assertIn("MUSTER_SPOKE_CONFIG", log.read_text())

    def test_the_receiver_of_a_webhook(self):
        page = {}
        exec(block("Docs/Guides/notifications.md", "python"), page)
        secret, body, stamp = b"0123", b'{"kind": "TEST"}', str(int(time.time()))
        code = hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        headers = {"Muster-Timestamp": stamp, "Muster-Signature": f"v1={code}"}
        self.assertTrue(page["is_ours"](headers, body, secret))
        self.assertFalse(page["is_ours"](headers, body + b" ", secret))
        self.assertFalse(page["is_ours"]({**headers, "Muster-Timestamp": "1"}, body, secret))


if __name__ == "__main__":
    unittest.main()
