"""Objects that come with another one: its history, its shares and its feed."""

from collections.abc import Iterator, Mapping
from typing import Any

Document = Mapping[str, Any]
_SHARED_BESIDE = {"Account": ("Opportunity", "Case", "Contact")}
_HISTORY_NAMES = {"Opportunity": "OpportunityFieldHistory"}
_SHARE_PREFIXES = {
    "Account": "00r",
    "Contact": "03s",
    "Opportunity": "00t",
    "Case": "01n",
    "Lead": "01o",
    "Campaign": "08s",
    "Order": "0CI",
    "Asset": "0Rc",
    "User": "0N2",
    "Individual": "0T5",
}


def related(document: Document) -> Iterator[Document]:
    """The documents of what `with: [history, share, feed]` brings."""
    makers = {"history": _history, "share": share_document, "feed": _feed}
    for name in document.get("with", ()):
        yield makers[name](document["name"], document.get("label", document["name"]))


def _link(name: str) -> str:
    return "ParentId" if name.endswith("__c") else f"{name}Id"


def _named(name: str, kind: str) -> str:
    return f"{name[:-3]}__{kind}" if name.endswith("__c") else f"{name}{kind}"


def _history(name: str, label: str) -> Document:
    return {
        "name": _HISTORY_NAMES.get(name, _named(name, "History")),
        "label": f"{label} History",
        "plural": f"{label} History",
        "prefix": "017",
        "system": "created",
        "follows": name,
        "fields": {
            "IsDeleted": "boolean readonly system",
            _link(name): f"to={name} children=Histories",
            "Field": "picklist",
            "DataType": "picklist values=HistoryDataType",
            "OldValue": "anyType -filterable",
            "NewValue": "anyType -filterable",
        },
    }


def share_name(name: str) -> str:
    return _named(name, "Share")


def share_document(name: str, label: str) -> Document:
    custom = name.endswith("__c")
    level = "picklist 40 values=AccessLevel"
    levels = {"AccessLevel" if custom else f"{name}AccessLevel": f"{level} required"}
    levels |= {f"{each}AccessLevel": level for each in _SHARED_BESIDE.get(name, ())}
    return {
        "name": share_name(name),
        "label": f"{label} Share",
        "prefix": _SHARE_PREFIXES.get(name, "02c"),
        "system": "none",
        "calls": ["create", "update", "delete"],
        "follows": name,
        "indexes": [[_link(name)], ["UserOrGroupId"]],
        "fields": {
            _link(name): f"to={name} children=Shares required create_only",
            "UserOrGroupId": "to=User|Group relationship=UserOrGroup required create_only",
            **levels,
            "RowCause": "picklist 40 values=RowCause default=Manual create_only",
            "LastModifiedDate": "datetime readonly system",
            "LastModifiedById": "to=User readonly system",
            "IsDeleted": "boolean readonly system",
        },
    }


def _feed(name: str, label: str) -> Document:
    return {
        "name": _named(name, "Feed"),
        "label": f"{label} Feed",
        "plural": f"{label} Feed",
        "prefix": "0D5",
        "system": "full",
        "calls": ["delete"],
        "follows": name,
        "fields": {
            "ParentId": f"to={name} children=Feeds",
            "Type": "picklist 40 values=FeedItemType",
            "CommentCount": "int",
            "LikeCount": "int",
            "Title": "string 255",
            "Body": "textarea 10000",
            "LinkUrl": "url 1000",
            "IsRichText": "boolean",
            "RelatedRecordId": "string 18",
            "InsertedById": "to=User",
            "BestCommentId": "string 18",
        },
    }
