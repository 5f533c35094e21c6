"""Validates captured DRS requests against botocore's service model, which is AWS's own.

Reads a file of JSON lines {"operation", "method", "target", "body"}; prints every problem; exits 1 where there is one.
Needs botocore 1.44.5 or newer.
"""

import json
import re
import sys
from urllib.parse import unquote

from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator


def parameters(operation, request):
    """The request's parameters, from the path where the model says so and from the JSON body."""
    path = operation.http["requestUri"]
    names = re.findall(r"{(\w+)}", path)
    pattern = "^" + re.sub(r"{\w+}", "([^/?]+)", path) + "$"
    match = re.match(pattern, request["target"])
    if match is None:
        raise ValueError(f"target {request['target']} is not {path}")
    found = dict(zip(names, map(unquote, match.groups())))
    if request["body"]:
        found.update(json.loads(request["body"]))
    return found


def limits(shape, value, where):
    """The lengths and patterns that botocore leaves to the service."""
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            if name in value:
                yield from limits(member, value[name], f"{where}.{name}")
    elif shape.type_name in ("list", "string"):
        low, high = shape.metadata.get("min", 0), shape.metadata.get("max", len(value))
        if not low <= len(value) <= high:
            yield f"{where} has {len(value)}, not {low} to {high}"
        if shape.type_name == "list":
            for index, item in enumerate(value):
                yield from limits(shape.member, item, f"{where}[{index}]")
        elif "pattern" in shape.metadata and not re.match(shape.metadata["pattern"], value):
            yield f"{where} is {value}, not {shape.metadata['pattern']}"
    elif shape.type_name == "map":
        for key, item in value.items():
            yield from limits(shape.key, key, f"{where} key")
            yield from limits(shape.value, item, f"{where}.{key}")


def problems(model, request):
    operation = model.operation_model(request["operation"])
    if operation.http["method"] != request["method"]:
        yield f"method {request['method']} is not {operation.http['method']}"
    found = parameters(operation, request)
    report = ParamValidator().validate(found, operation.input_shape)
    if report.has_errors():
        yield report.generate_report()
    unknown = set(found) - set(operation.input_shape.members)
    if unknown:
        yield f"unknown members {sorted(unknown)}"
    yield from limits(operation.input_shape, found, request["operation"])


def main(path):
    model = ServiceModel(Loader().load_service_model("drs", "service-2"), "drs")
    failed = False
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            request = json.loads(line)
            for problem in problems(model, request):
                failed = True
                print(f"{request['operation']}: {problem}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
