"""Components of an org's own beside what its setup needs: they take effect as if they had been deployed."""

from deployments.sandbox.metadata import custom_objects, mirrors
from deployments.sandbox.seed.blueprint import Org
from deployments.sandbox.store import OrgStore

_CLASSIFIED = {"securityClassification": "SecurityClassification", "complianceGroup": "ComplianceGroup"}


def write_components(store: OrgStore, org: Org) -> None:
    for each in org.components:
        store.put_metadata(each.kind, each.name, each.body)
        if each.kind == "CustomField":
            custom_objects.field_written(store, each.name)
            said = {column: each.body[name] for name, column in _CLASSIFIED.items() if name in each.body}
            if said:
                store.update("FieldDefinition", each.name, said)
        mirrors.written(store, each.kind, each.name, each.body)
