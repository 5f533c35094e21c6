"""The checks themselves: planted faults of the worst kinds must be found."""
import sigv4
from harness import Scenario, World, psql

ACCOUNT, REGION = "111122223333", "us-east-1"


class PlantedFaults(Scenario):
    def test_a_second_start_and_a_bent_journal_are_found(self):
        stack = self.run_stack(World(clock=300).account(ACCOUNT, {REGION: 3}))
        api = stack.api
        group = api.group("planted", ACCOUNT, REGION, api.servers()[:2])
        drill = api.start(api.plan("planted", [[group]]))
        shown = drill.check_completed()
        url, where = stack.database_url(), f"execution_id = '{drill.id}'"

        def bend(name, change, back):
            with self.subTest(name):
                psql(url, change)
                with self.assertRaises(AssertionError):
                    drill.check_journal(shown)
                psql(url, back)
                drill.check_journal(shown)
        bend("a word of an event", f"UPDATE journal_event SET event = replace(event, 'ada', 'eve') WHERE {where}",
             f"UPDATE journal_event SET event = replace(event, 'eve', 'ada') WHERE {where}")
        bend("two events in each other's place",
             f"UPDATE journal_event SET sequence = 5 - sequence + 1000 * (sequence > 0)::int WHERE {where} AND sequence IN (2, 3)",
             f"UPDATE journal_event SET sequence = 5 - (sequence - 1000) WHERE {where} AND sequence > 1000")
        bend("a tail cut off", f"UPDATE execution SET journal_head = repeat('1', 64) WHERE {where}",
             f"UPDATE execution SET journal_head = (SELECT hash FROM journal_event WHERE {where} ORDER BY sequence DESC LIMIT 1)"
             f" WHERE {where}")

        keys = sigv4.assume_role(stack.simulator_origin, stack.world.principals["east"],
                                 f"arn:aws:iam::{ACCOUNT}:role/MusterRecovery", stack.external_ids[ACCOUNT])
        twin = drill.starts()[0]
        answer = sigv4.drs(stack.simulator_origin, keys, REGION, "StartRecovery", {
            "sourceServers": [{"sourceServerID": server} for server in twin["servers"]], "isDrill": True,
            "tags": twin["tags"]})
        self.assertEqual(answer.status, 202, answer)
        with self.assertRaises(AssertionError):
            drill.check_once(shown)
