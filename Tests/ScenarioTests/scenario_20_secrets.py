"""What is secret stays out of every log, however much is logged."""
import re

from harness import Scenario, World

ACCOUNT, REGION = "111122223333", "us-east-1"

# Shapes of what nobody may read in a log: JSON web tokens, the 256-bit tokens and nonces of spokes (base64url), and AWS's
# secret access keys (40 characters of base64). Hashes and identifiers are hexadecimal or contain hyphens.
SHAPES = {
    "a JSON web token": r"eyJ[A-Za-z0-9_-]{8,}\.",
    "a token of 256 bits": r"(?<![\w/+=.:-])(?![0-9a-f]+\b)[A-Za-z0-9_-]{43}(?![\w/+=.-])",
    "a secret access key": r"(?<![\w/+=.-])(?![0-9a-f]+\b)[A-Za-z0-9/+]{40}(?![\w/+=.-])",
    "a bearer header": r"(?i)bearer [A-Za-z0-9_.-]{16,}",
    "a private key": r"PRIVATE KEY",
}


class Secrets(Scenario):
    def test_a_whole_drill_at_the_finest_log_level_logs_no_secret(self):
        world = World(clock=200).account(ACCOUNT, {REGION: 4})
        world.fault("THROTTLE", service="drs", probability=0.2, retryAfterSeconds=1)
        world.fault("DROP_ANSWER", operation="StartRecovery", count=1)
        stack = self.run_stack(world, hub_environment={"MUSTER_LOG_LEVEL": "trace"}, spokes_too=False)
        spoke = stack.add_spoke("east", more={"MUSTER_LOG_LEVEL": "trace"})
        # Refused callers and proofs are what is logged most readily.
        false = stack.add_spoke("false", principal="east", more={
            "MUSTER_LOG_LEVEL": "trace", "AWS_SECRET_ACCESS_KEY": "another-secret-that-is-not-the-right-one"})
        stack.wait_inventory()
        api = stack.api
        for token in (api.token[:-6] + "AAAAAA", "not-a-token-but-confidential-all-the-same"):
            self.assertEqual(api.call("GET", "/users/me", token=token).status, 401)
        drill = api.start(api.plan("secret", [[api.group("secret", ACCOUNT, REGION, api.servers()[:3])]]))
        drill.check_completed()
        drill.terminate()
        drill.wait_terminated()
        spoke.program.stop()
        false.program.kill()
        stack.hub.program.stop()
        known = {
            "the caller's token": api.token, "the spoke's key": spoke.principal.secret,
            "the external ID": stack.external_ids[ACCOUNT], "a refused token": "confidential-all-the-same",
            "a wrong key": "another-secret-that-is-not",
        }
        for program in (stack.hub.program, spoke.program, false.program):
            text = program.text()
            self.assertGreater(len(text.splitlines()), 1, f"{program.name} logged nothing, so that this shows nothing")
            for name, secret in known.items():
                self.assertNotIn(secret, text, f"{name} is in the log of {program.name}")
            for name, shape in SHAPES.items():
                found = re.search(shape, text)
                self.assertIsNone(found, f"{name} is in the log of {program.name}: {found and text[max(0, found.start() - 80):found.end()]}")
