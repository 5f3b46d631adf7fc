# client.py - calls of okta-sdk-python as it comes, one after the other.
#
# Reads [{"method", "id", "body"}] from standard input and prints a line of
# {"status", "result" or "error"} for each. Org and credential come from the
# environment, as the SDK itself reads them.
import asyncio
import json
import sys

from okta.client import Client
from okta.models.api_token_update import ApiTokenUpdate

METHODS = {
    "list": "list_api_tokens",
    "get": "get_api_token",
    "restrict": "upsert_api_token",
    "revoke": "revoke_api_token",
    "revokeCurrent": "revoke_current_api_token",
}


def plain(value):
    if isinstance(value, list):
        return [plain(one) for one in value]
    # Its own JSON leaves out what only the org may set.
    return None if value is None else {"id": value.id, **json.loads(value.to_json())}


def tell(answer):
    *head, error = answer
    result = head[0] if len(head) == 2 else None
    response = head[-1] if head else None
    told = {"status": getattr(response, "status_code", getattr(response, "status", 0))}
    if error is not None:
        told["error"] = str(error)
        told["code"] = getattr(error, "error_code", None)
        told["status"] = getattr(error, "status", told["status"])
    else:
        told["result"] = plain(result)
    return told


async def main():
    calls = json.load(sys.stdin)
    async with Client({}) as client:
        for call in calls:
            arguments = [call["id"]] if call.get("id") else []
            if call["method"] == "restrict":
                arguments.append(ApiTokenUpdate.from_dict(call["body"]))
            try:
                told = tell(await getattr(client, METHODS[call["method"]])(*arguments))
            except Exception as error:  # what the SDK lets through is an answer, too
                told = {"status": 0, "error": f"{type(error).__name__}: {error}"}
            print(json.dumps(told), flush=True)


asyncio.run(main())
