"""Who may use the Metadata API: any one of these permissions is enough."""

READ_RIGHTS = ("ModifyMetadata", "ModifyAllData", "CustomizeApplication")
WRITE_RIGHTS = ("ModifyMetadata", "ModifyAllData")
