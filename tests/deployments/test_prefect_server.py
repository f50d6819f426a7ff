"""Forms are taken while others write: the server waits for the database in place of refusing."""

import threading
from uuid import uuid4

import httpx

from tests.product import Product

FORMS = 40
WRITERS = 2


def test_no_form_is_refused_while_others_write(product: Product) -> None:
    api, over = f"{product.running.ui}/api", threading.Event()
    refused: list[int] = []

    def writes() -> None:
        with httpx.Client(trust_env=False, timeout=60) as client:
            while not over.wait(0.1):
                # Each token is a row.
                answer = client.get(f"{api}/csrf-token", params={"client": str(uuid4())})
                if answer.is_error:
                    refused.append(answer.status_code)

    wanted = {"deployments": {"name": {"any_": ["end-lost-runs-every-minute"]}}}
    (found,) = product.prefect("POST", "/deployments/filter", json=wanted)
    writers = [threading.Thread(target=writes) for _ in range(WRITERS)]
    for each in writers:
        each.start()
    made = []
    try:
        with httpx.Client(trust_env=False, timeout=60, headers=product.token) as client:
            for _ in range(FORMS):
                form = {"state": {"type": "PAUSED"}}
                answer = client.post(f"{api}/deployments/{found['id']}/create_flow_run", json=form)
                made.append(answer.status_code)
                if answer.is_success:
                    client.delete(f"{api}/flow_runs/{answer.json()['id']}")
    finally:
        over.set()
        for each in writers:
            each.join()
    assert made == [httpx.codes.CREATED] * FORMS
    assert not refused
