BEGIN TRANSACTION;
CREATE TABLE agent (
	id CHAR(36) DEFAULT (
    (
        lower(hex(randomblob(4))) 
        || '-' 
        || lower(hex(randomblob(2))) 
        || '-4' 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || substr('89ab',abs(random()) % 4 + 1, 1) 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || lower(hex(randomblob(6)))
    )
    ) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	name VARCHAR NOT NULL, 
	last_activity_time DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	work_queue_id CHAR(36) NOT NULL, 
	CONSTRAINT pk_agent PRIMARY KEY (id), 
	CONSTRAINT fk_agent__work_queue_id__work_queue FOREIGN KEY(work_queue_id) REFERENCES work_queue (id), 
	CONSTRAINT uq_agent__name UNIQUE (name)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('a3b9c7d2e5f1');
CREATE TABLE "artifact" (
	id CHAR(36) DEFAULT ((
        lower(hex(randomblob(4)))
        || '-'
        || lower(hex(randomblob(2)))
        || '-4'
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || substr('89ab',abs(random()) % 4 + 1, 1)
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || lower(hex(randomblob(6)))
    )) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	"key" VARCHAR, 
	type VARCHAR, 
	data JSON, 
	metadata_ JSON, 
	task_run_id CHAR(36), 
	flow_run_id CHAR(36), description VARCHAR, 
	CONSTRAINT pk_artifact PRIMARY KEY (id)
);
CREATE TABLE artifact_collection (
	id CHAR(36) DEFAULT (
    (
        lower(hex(randomblob(4)))
        || '-'
        || lower(hex(randomblob(2)))
        || '-4'
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || substr('89ab',abs(random()) % 4 + 1, 1)
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || lower(hex(randomblob(6)))
    )
    ) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	"key" VARCHAR NOT NULL, 
	latest_id CHAR(36) NOT NULL, task_run_id CHAR(36), flow_run_id CHAR(36), type VARCHAR, data JSON, description VARCHAR, metadata_ JSON, 
	CONSTRAINT pk_artifact_collection PRIMARY KEY (id), 
	CONSTRAINT uq_artifact_collection__key UNIQUE ("key")
);
CREATE TABLE automation (
	name VARCHAR NOT NULL, 
	description VARCHAR NOT NULL, 
	enabled BOOLEAN DEFAULT '1' NOT NULL, 
	"trigger" JSON NOT NULL, 
	actions JSON NOT NULL, 
	actions_on_trigger JSON DEFAULT '[]' NOT NULL, 
	actions_on_resolve JSON DEFAULT '[]' NOT NULL, 
	id CHAR(36) DEFAULT (
    (
        lower(hex(randomblob(4)))
        || '-'
        || lower(hex(randomblob(2)))
        || '-4'
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || substr('89ab',abs(random()) % 4 + 1, 1)
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || lower(hex(randomblob(6)))
    )
    ) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, tags JSON DEFAULT '[]' NOT NULL, 
	CONSTRAINT pk_automation PRIMARY KEY (id)
);
CREATE TABLE "automation_bucket" (
	automation_id CHAR(36) NOT NULL, 
	trigger_id CHAR(36) NOT NULL, 
	bucketing_key JSON NOT NULL, 
	last_event JSON, 
	start DATETIME NOT NULL, 
	"end" DATETIME NOT NULL, 
	count INTEGER NOT NULL, 
	last_operation VARCHAR, 
	triggered_at DATETIME, 
	id CHAR(36) DEFAULT ((
        lower(hex(randomblob(4)))
        || '-'
        || lower(hex(randomblob(2)))
        || '-4'
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || substr('89ab',abs(random()) % 4 + 1, 1)
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || lower(hex(randomblob(6)))
    )) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	CONSTRAINT pk_automation_bucket PRIMARY KEY (id), 
	CONSTRAINT fk_automation_bucket__automation_id__automation FOREIGN KEY(automation_id) REFERENCES automation (id) ON DELETE CASCADE
);
CREATE TABLE "automation_event_follower" (
	leader_event_id CHAR(36) NOT NULL, 
	follower_event_id CHAR(36) NOT NULL, 
	received DATETIME NOT NULL, 
	follower JSON NOT NULL, 
	id CHAR(36) DEFAULT ((
        lower(hex(randomblob(4)))
        || '-'
        || lower(hex(randomblob(2)))
        || '-4'
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || substr('89ab',abs(random()) % 4 + 1, 1)
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || lower(hex(randomblob(6)))
    )) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	scope VARCHAR NOT NULL, 
	CONSTRAINT pk_automation_event_follower PRIMARY KEY (id)
);
CREATE TABLE automation_related_resource (
	automation_id CHAR(36) NOT NULL, 
	resource_id VARCHAR, 
	automation_owned_by_resource BOOLEAN DEFAULT '0' NOT NULL, 
	id CHAR(36) DEFAULT (
    (
        lower(hex(randomblob(4)))
        || '-'
        || lower(hex(randomblob(2)))
        || '-4'
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || substr('89ab',abs(random()) % 4 + 1, 1)
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || lower(hex(randomblob(6)))
    )
    ) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	CONSTRAINT pk_automation_related_resource PRIMARY KEY (id), 
	CONSTRAINT fk_automation_related_resource__automation_id__automation FOREIGN KEY(automation_id) REFERENCES automation (id) ON DELETE CASCADE
);
CREATE TABLE "block_document" (
	id CHAR(36) DEFAULT ((
        lower(hex(randomblob(4))) 
        || '-' 
        || lower(hex(randomblob(2))) 
        || '-4' 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || substr('89ab',abs(random()) % 4 + 1, 1) 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || lower(hex(randomblob(6)))
    )) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	name VARCHAR NOT NULL, 
	data JSON DEFAULT '{}' NOT NULL, 
	block_schema_id CHAR(36) NOT NULL, 
	block_type_id CHAR(36) NOT NULL, 
	is_anonymous BOOLEAN DEFAULT '0' NOT NULL, block_type_name VARCHAR, 
	CONSTRAINT pk_block_document PRIMARY KEY (id), 
	CONSTRAINT fk_block__block_schema_id__block_schema FOREIGN KEY(block_schema_id) REFERENCES block_schema (id) ON DELETE CASCADE, 
	CONSTRAINT fk_block_document__block_type_id__block_type FOREIGN KEY(block_type_id) REFERENCES block_type (id) ON DELETE CASCADE
);
INSERT INTO "block_document" VALUES('f42d0e55-64a7-40d5-8efa-633c7f758cdd','2026-11-30 22:14:54.643069','2026-11-30 22:14:54.643079','hq','"gAAAAABrDfVegWW-bJzmqCWSU4mhcgoL1GBziFEiIyRcB0lh68oPbA5jVsnlM-j5CpP5VmrAF7xXab9HBmj8yy1rkQ-s3GY58krE97FEGh0zAz8H0sPbK4RdLvJxyZ06U5xHXsvShnq2b3N7tGPQHo17veymNokCOQbnIjtj1UFGtuiiBdyRD-OyL1BlYwIZjFA0pyKYqmae3T2pJOG3QPN_OmdUp2_FE-KuItpXhEWjR3B7-66tcOBhl_hg1YYtHsz3YpGCrcfoeKdUrHQ0PCn9ndV4BXJv9hxkNe1xGwC2ehBvNmrlU_6c0PpIc4cbD0lR4fKzCWCb2Jb5zsSakC5vXe8dLDpKS44Y5ubLvNJ59BHEiVBfJAuGaX5owzpUzuR2W4w31yFEUqP7DFo9FFOnJW9QZ78UU3ie6pIj2-EFTCMq9Qc7hmLe-STZ9BSmAFAf3OvIFtOF6WY8Et08r0nI1wpAB9d_RDdWArC4mcBmniwcxiLL4AnU3gZw-61qvuzHO-DjS42hVor79Im7_uYOWSeDeTmauJS5WNK0jop40dIXqVNpHKJixGSUmyzZdTL3-I0hV0kwDo9XuScl8Rwg49Rc-IayROc6lncClJR0dxBG8dNr-PxFz3zvvlkuwMrf16RaI1Ab195FZKBZO-3zyQqWvUSE6g=="','e1baa06e-d020-43cc-aacc-a4a138d4c9fd','ad10537c-bfd4-4c06-a3de-72665b17c15f',0,'Salesforce Org');
INSERT INTO "block_document" VALUES('1346b5ac-9381-4f08-b53e-2c83b3d2e56d','2026-11-30 22:14:54.921249','2026-11-30 22:14:54.921262','emea','"gAAAAABrDfVekNAIGErLBCcnEapAcoVKvjI24gSMQJLZTQhkNX8bQQL3v1o7BU9LrrYwRtBwYuFg_mb4LFKtIFhYODjavMNzbE87hKkq6XCddew4RUDt4UDuW38sUgUuV4QUKWdtKtCSYpgZlkOhLzgpia9fHkHP_aUGtonJhq4AYcKphmMxLwOura-nvH6XQDEBmtJUi6SjBH_gwEYQU6AOczckGo3StUK1oo-ulr2m8xNLR2hXr8xVx_-7hTykkdUZjwq6QPiFUV6r8wW1U0FG_ueKXwodjTnuIhM-nX40hqqMKDIBUenrJ2LL60mT7w4dz57xcU84OyDzzdUVAKEE3K5r20cWYyV218UK3J1KW1nNwB97IX6GpYEgBCBBmMSmiQZVQIEzlinUayfPNK_oZtF3B-16ERbOczfwLDp2n55-uWuiXm0KPBf9xUSDikXFd0frqzKSO6ypHKQ5DHaKN9AzjoWoHdCl2t3N5rjUBH5eQbdLLTj1QV0jFzDS2pdVTOMWSjcZdKM7iPvTqhf5Zu0feOgWtSYCWF50diGQljYxsRAEaGYILW1xDlRmzrW5GdVh_Qeywg8vkQpJBhy4_u-Mknd4h4bfNrrJyBl5HEpvvG2rJ0Xwl4UKFHorEx_uMeki4NLHGIN0-9PZ7v3nsCMpcTafZf0w0IJ9Sb1MIgZ_qjrBkOg="','e1baa06e-d020-43cc-aacc-a4a138d4c9fd','ad10537c-bfd4-4c06-a3de-72665b17c15f',0,'Salesforce Org');
INSERT INTO "block_document" VALUES('ed4d77cf-3a63-485b-a2db-0455953b8051','2026-11-30 22:14:55.183309','2026-11-30 22:14:55.183321','hq-uat','"gAAAAABrDfVfBf6ItHx-hhy77Y0HXTkgH5N_OVkp8IEL7--vSQTWz8AjRmbpvzAswzg_9243RT6TQfMqt1rBZequERAm2GruvBpvRdzpUox7z3Hq41n37RAabWaHKvrXHsSj8h1xwqB_jWVV2iCTh94CXlDjg2Ap6-gENtbUtjpPSZF8hgvrE5FKKt_F1O9wwcoFH8XvAnuc02i48BEt8gpGh48bgWFKzlLatczImjy4OjDAxVQkgAyFK8pMLCRdTJ7R9NPbvA1_UZ75UPh6s_zOcOoTobe3hzC_d00VjKLPuuvpAWxp0Ah5-hp93w_N1JPP76nnbolSaF3983jJvUQ-tt8miNhGekZGTUZcHoxfgUG9e1lbJ_dBb6f-McYgnU5VRtpHfFNgV43ebDXrz1IGp5en669tdNv8GUo8pEKRQFBv42GnEomQUiEF7ug1l3rJy6EunXJHRG5Xr-aO7l7PIgeNAFbDfn41HyYIFTs8p-a1l6RAb4kznnb_1gMd0bxUVBjJ1grpLek7tDql9dGa_wukibjJN7SWl5Zf3ZFLSBrux5mgHdnzolSFl4vvdk6kXQ6HXV7u1YBN0s0L2oxzpI8FLcgggZzWDm0lc6G3_n9H71_eYWOZas3EonHXp7cqYBWJsjLcm54I55FfBF92dzBGL20hW0-74TQjdPkYEaGf767WET-vbDcFJeyp_yI-8364wE47"','e1baa06e-d020-43cc-aacc-a4a138d4c9fd','ad10537c-bfd4-4c06-a3de-72665b17c15f',0,'Salesforce Org');
INSERT INTO "block_document" VALUES('d7a5c582-2d15-461b-a6de-7f3e9caf73a1','2026-11-30 22:14:55.554895','2026-11-30 22:14:55.554909','bulkhead','"gAAAAABrDfVf7US0ljQs_FXfSJNpVjMSmTQ_IsRcQmmxnFFhGc18c0-mNN6GWEIzqIQOm7zQ_if-TqJicYdSIh-RjKcgAfvQov3nruxYGzY-jH8xND6lcTa3Vs3bvRattFJIv1b8xwNdZKhdmDUB_AE-f0hez4zsEzc9YQIOR4LicBMpXPw8I_hq2dpL1qiaN7ugql2rV4MYlsqLLfJYosqAkmYRjGRMjJSTikEV7cFefbZcew-bRc1XA28SJ9pGIt8X94F6lJ3g"','4cede72f-a526-478b-a1fb-d7e20888fbf7','2bc6e146-8600-4e0a-85e7-b708503c9607',0,'AWS Secret Store');
INSERT INTO "block_document" VALUES('76e61f50-f27f-4eb4-91d2-5189fb928063','2026-11-30 22:14:55.924926','2026-11-30 22:14:55.924940','security-slack','"gAAAAABrDfVfU57-gwxe9pzSikOgwl0KMCbJgVeECY4eLUO7xOQlvhWTbgAzBN1cbYcFmRozQMkm7qWXAmZcEW0Kq4fETZJFwzfHlqx29C0AlMvdRafoX7LqXSBacvL9obhYph_eGgVNSh9WUvvY_YozSpGHszT5kA=="','a4304bfb-4676-47f4-b779-0f8d11286314','50a422f8-f898-428f-9f02-9b78fde6d1c6',0,'Bulkhead Slack Channel');
INSERT INTO "block_document" VALUES('66eb5e6d-df38-4a41-a3ad-376c245b7105','2026-11-30 22:14:56.255421','2026-11-30 22:14:56.255435','bulkhead','"gAAAAABrDfVgXzP7Vq1W6jvDNDXeUHOn-YAJvcEWc-UbQfnV2t0LAC4ar-MYoqEmyeBHlPDZ7bBWsF6v7I4ZGRcANX6LZ2xG489lH8EylQp3OuMJslaBqtHp4ybWYm5IqFIgEfCzwWBbJ7V1SRqupAZBQ76YtLIQl0jNYbsKn_zGyQW_TePvm3fMFUYH6Kjnzvda27ZT9s9j6fjv3ZRQJxwr1CoQ-wUeJ3_mSB8zvyOI9T22VckTGzpGH5dclmZGSQtd92jR0FQl6MIs540jAyKZG4m5WmNqzNXYpIzbcvLw2npatbZ1Ssw="','ae6486f1-74f6-4c51-a864-146a82b206a6','33d50368-c509-4a9e-952d-0f8d7790f108',0,'Bulkhead Ledger');
INSERT INTO "block_document" VALUES('96f621c8-0725-47ae-b10b-94e604807235','2026-11-30 22:14:56.483850','2026-11-30 22:14:56.483865','bulkhead','"gAAAAABrDfVgE--yP3mm7w385XduzIC7okN9orrhmbEK_0XUyrPfCF9VPFc042aP57EBKL0n9t-rBkWmheFNh9r63-EBirmebwW8_nxDiLHKV-bNd-JT4f7j0rBlzHVlm4S35YeYgfExk84nfYKZu-Ar5Fc8UowxG8FcOnoHvyGBOucBdQkM_HFFqZgm9djkdTU9nizjDLfnvB5gKR7ZxhC9Nx7Gxa27eeMf0LrznZF4WFX-csDeG4FUXZzcQEoiq7MZS2r01Ds9wnwIAne7m8vflokvVAqV8mffAPei7qgcZ1kF8fLrWgyGwGvFEjLfF34lj93xgUosGrdJ5441Dtv0tY0__UB-R2CIAamRtj5TM_y2985Lyirog19nO6gK1-V41KVfr9q93vZlBvnmHLonK9s8Eem6oQFluZhtztdf3-JfSlem5XkR2d7LD8n5AgZcpUFi77JBKnEUYOGjFDf7JSs5tzlqAT2VeXarSlY1_m2Y3K9dk2PiiiMW5C1qOnfiqZCW918A_k0aLcYCHPZanaprgfR6TToJnYcpl2DOljletA5HVSDd7oDOkvG0y3wFpA8PfrG9jfPBA35sYFJPJkjJRTtSGwnpvYt6K2T0o_aK2BKf8MuJuQDdH5mJzNCr6fsNQaDN91TJhUkaWPLF6L1irOCigRfGipPe4qyaQRwly-bs4FXRpqvGweFCbWubt7o8X10dYjFbgbLfonmD4QNOs7qzZO8jcYREkV4Jcb1OlkT4fPH84Ul8Nf4mUQve2LWre0slpWptnCG-umHmnwmJoEUUvPsKfankHyekDkVegYA-gFM4V-Om0-AJwWJYp6FMZZHCqdOBtmJXT6mhpJh56Tc_IItZzOtHef3FmwS9p39qSA5FMfByXHBYJ8VVx0FulunFIVxHomeQxrSK3rk6eL_mVhYq2ybuRXjVgFyDNYM93xzCK3_M68RlHvZeZOj1ag0JXPTT0-HzHgjDZKhXD55iAHbEKbWTGHU-iOupUuKdsTNbH5QaUIq7v9TkbIBRGkwDvh1MRXHACJc5Ja1f1Y9SSr_EJhmHahvxTj9o9fhzMdxHUav1002rIs8t1E1YuX7xVe7QzUTPtnMrQq8clFnCuCjlzf48qaKRNTdFI5H8DtNwk4df_IV2k0PduZAIy2PeT4aMDwpzPzDeSewf_rkcPtTjd40Na4TGP19axaw1JXaOeetxAE2G9l8g453l5nlO8imOmqw74DZOfVrCTml-5DebghbtlM4LABhIvgn-QmFXwhQBtMd2jxwaEuYLRdMoKfWQLx8Vpi6pAjOw46Q2cFHHuP60As6qDnbFvAeIBpjew2kheyCyctnD3eDt4pBhbpN5xkjZu2Yy0YaZ-H5kQO8IZC2uSPU_DZDX9FweNh1IcD1VK2HLwYJE9pjuKlCbflXqwjO56699B3j-MGSQu18T7Yhlf_0xdtSXDc1K_LZyQd7I8U00Nr6r6NlwSlSYBqfHF1e4sQXpV4qf77BjLJ2oWtn3BpS0zWiXYm3AxSjxf2kWMFZry_lbPOIEVyLdbUOjKkcrGjE81twHJKkXX137hhY3INzrwYlfFEcXcDACy-6cYaFHcMPZudP2pTZ627hKfxKrnwQUgcVprErt-MrtPcO6K2KxqX0TOI1uyTO1wvnfA2tOoDPs3sOc7nKgb3Od_H5Hd7BEHVYeHfxlz78T0gzkyAycoNiSOe7RNIQoLi2PANBmgIqkSvXOHJ56Prrfw_6KSTnwHdDIeoNY106c-KlatoXCrQ49e3UJ93ZEXtzxAuiqoCc3GDy2fJhEZ-sHgR8nJoRGsXGI2wwW-O_57JPFC4n-cnR1Feak4PCRID06-j0q31fnA6ppiuFN5rM42-HzEGxOtjn8KFDKzpwFaJGzhE6QIxSb5pwayLOGoy_VkUZ-fChPTBM2O6bq-p5Y1l0I_vl-GOJrB8Bb5t9gQCLbGMb-JL06SxaSijN-ceObjWT2QOviusT2hGLS-9cSa2NOy0ygbhnBi5rs2LwB9UtWULp3ukcvA3QMoo_UIXos38oDiqheUrb18Q6-BrxE7cyWENEP9QoB3X8G3FzKXG1VCVyk9WjBkO5VLbg_WXl4tZ-R5KYP0spBscg9XST7E5dt1GZzfvRdp2Ym20h-4OW7ds6V2oZpnWiwF5sskji4eLPdbX1u6RmnLsZBSZHW7dOyAP7_UqYoz5YQPXA7UCX8oX94I9hUsas8tHbuAKXtVnhi32UZu2MclBsG7ErV1lrIz1aLgDSacsLBucmnl3eDLvgugv1TMNnUM-65o6BHsKihxCiBStByic154gwMTKYDdVomSUk9nLvgSseLaGTeIE0KBMepzJO6IbTa8LOMWkQcmrEHUsUwgl4-6590iF0OCae1Mvaw7MRA5cQOPtL65gW1WP6a89CItgndvjkp1pD9kUtU09b9O_6xJNFvb5aSZi8rr0uyVTcJSGyUnVFzImkVBKpjBve6zYZxwpPiNGaS_Pssvlvnv2StfSh4x7v3wQf99CyFT3fXE7sJiY7DYXUmEJxXJzR8cBmkCVRckkj4CZz8oxug-zTtYeQYsnTWOHP2B0YFb1t21dZkuXsw28alA3WcmPxaepnArMHli96NhKppmXKcoBYflo5o3lzYW8gultLlfnxTRBfN0pJ7dnS5JVgzwCC0cnx62yGMQzlu-ULL6QblXXbSQjzUtMbUfaqK2lxhWQE8oSRVnBk-yqAj4BcKL7t80K12sJEud_sUg6e-2OVpq5NLYolA_oT2jvH0I8oGHEgjoM1ZkoaFIK_utR3qKw6Y9dcMFN59cg-FcUfBfzQbj5Jt-VPR8NAMRGAmlpNFKnbE0mK-KqbTGOiRnAeP9KUKrfRmUIAwxyKdSBD8LhXZfqxrcbZWYEfAeEneQg0y3jbm1jvV7cORdpdXfmR81JrviadccxmnuS74bSROxb2jPqRJrPYAeI0TNz0xkBjXV2_O4kTJjRrWYPJU8DP63vtPyV--76qcg9yNFJAillAQcpV56e8ti8u75L9Uo0cm7L_6zZc7o7f-y6e_CzPdGJlvyTzO7LuFO9x1Ho9AfEW8PXc9BwkGH29mlgcnovf1FCkkqdWxDiagIlpFJycd4MjO8yLFjWoyGS5zcAAD6G-PO3fsE07IztIqsHl07K3P2jpUuG03VluhGhnuefwgPWFMwvOwTCLYkyu8km_koHFlaHyxli8MDxBQdMFZXAsoUIeS3HSTaS9AmPqHqtkMJoNGvhGT7mnwi1BG4C0VN43b1VeRYi7imfDrMzH1wc1zZIyAubRoawxR4lY7fv-HeoEvZ24HhMiMYAZvBKZaEkfDE76aoVUmvJe9YkkReMXeit1aaBfBc8lnlz_bTN19KIwZ0PFryHOI0F_xBaSynX5H8gR_AMWS4x6-MU-uX87bWpXdf8t-iyett9iW0KpKOfdUU7uXpUjaIu6HKu8mUjIQI5t_qOeDQhaIJnX_MI4EE7FEEmrm3WHprINSlBFN2YzKqwSy0RR2W3adJXMq-qtNr7FNJh7p6wcvznZtltL65-lhQgQvHkn7Gzvbcte48t8cxlzghQoZa2gPQyKiJ41JBTMQrERSNuNdYT6ay14uIvNK_tpNKgHpIMkpblAKMBA1wD56-NPL935gJkXnpUaoA5YxE17prWeBDIx7EikzHWqyV9AH1VOYFDZj9xvjD6tHxa1liqubXhgFUxiRhgoBXnfxQklI5eEPWOliJDcJlJ7tgFbd-Hy1hdbsOSP1hSw3KhaVbci2tX7AROZ46SaTZmjLRwvrvWtBTTtv8M_Gx8Zp682_1YMr0XSQulzA5MVUWeWu2sYQ7mo8POkwZeyQMo2zKJG9shKr2GOWgQlGNk_Uzm-FYZso5Szrqmn5lpsRuscK8E19Ls2QsoLzVdKeWuDZpQFzDdRAZcDpwSDw9kwcs8JZARLsGZQqfaYAdwwO3p3FB6pCh1oKtY8woepqwliKlnsZskWJ5sBPz45GDQF-EImTfcwEOdvb9COxVUUloe76g8_acRuh94fBPWCeZERJyCfonCS-QCeEH3hJ5ZSIQk3UiGvsmSRKtCu_3iD-u6YlAdOejYZSAAWgN4RpAzH5Apl-ooFoSf9xws7onMd9_zptYnhWIKWn9Ib1XjQnbIH_ibbsWrzoANOU--FWjZ0tfWgPCml_Ah-ED4K-0EPWRWILrBG3txaP_0JhP0jMjPfVQmK7YZuViB7u3MfgrQq2CKkrmrGX4nvDILDV2-HQMrgGiynV0sTOW6o1FIjXGyMe7NfIXGioKgPlQmDUWVCMeq4crom84aaW4JgQscndnedw6QZ_B2NSAv05fc_xChBksFkGs13VaDSxa4D6f3mN2nK0ZwvtkEYEsGw4ijyxE7bGu2lag9VHuWT7rpX_ujsaOrQWXBFHDxQDizSJg3rzjC9Ug2SjiXI8AzKFxBc8Xe5GFeWGVHykycDQvbZr9nvZdbsZw2yYNUn_LOGLmhmYmXGyuU5cPcbzkSngkto8xfzuT2RCeXSQPMbuwcjHf6lg6SdPLljxftckYsCnGfewN0pOYp3sTyQtPPX5yeS2QaJYaT8OQuN4MAueiXgdkahtHyj0C5IXz-34GG0T51s-NFOjRHUZtdZxQmdQeT2TlSA460jfAZL9WtLPa7GvU523DHVvjhwLYFNaE3dRtRKOXbwUl1Mzz5hMjAYgE2vfR6WzZbV5SBHQHY1d4QalIpC9Tp_w1HHEtc95o8NIR7NnT7LneTeibHrxiVvl3uReLL4zOupwBUVaS0n4JsIJbgHZUQJUo4OSwTVWVjbihwjBk55GQdTCZin06ibbu0Sw_mEOwG4r6tEYiv-fAgQYqon4U3JqPV64Fj2yYkUsU0_ZmidnrJ5YEAxvpP8TaUbfLYvy_0FF3Kyj6OODTksKTITtoHMDWfe6ph4idUAVHd2wIuNuiOazXu_RdAe_6FBj6Ausxl8o2q3l8gtoLygPUNqd0ZcrSEObtlzTfAVRCbd9QJ8ZAOX_OexYzQ67BKVT_5EI8irTNplOV4EzQhqalMDJlSekyoanSgSopMuLqnt_9IgDFNoVeewc1C9Jc-tWc1SPuYaZWdebmx25I_lykc0b_TAppvX5S6bDOt-DmjUc9NcdiROBAR5fpSz3WRumjRg3Nen1bYDVDGojDc51GFAoRvDRayTOMDlYo5l2USVYK2rAwwG519-DgjNG0BjfhhSNDOW2it387MYKFlQYqAvvbSHq3uNDIjbUaTAm_-tTTMe5a4oeunMuwj2qLqAosXcI1IqPbJbGk823Po4X3Llnd4lf65hqmJ7ELT6gZeR92z3wcNcA92XNbIIJq2WoyJwn9JA6-klTlOuGOlu5qVTwWd0BEa1TqzkeBsMj_NU1TaDMLe73VGCTqBdiTbh7Y_2DQNQ2awOxZp9Y7s9jiZwyLbTv7hFEOOUW_17kYG6to9EslERniRQHqUq3attZry7lmrnXtDnDTHTWtHbLKqO74ZvTbR4s27KDJpLsE7m9C1tXks6pswmazGTg_B_wNVC3SgtfeTcUqWRxP8wjdEumZgYduwCb7mM-XBkjbCqsy5fqYnaXlPzKE6rrr2KwKXrO4FAFZtqaUypWclxZ74YdavIQalZ3LmQ6NBmQUux-jVPM3fc7nihjPvYjziUX9KKPIYNWWEgXuqLjkbpVLIiElNTzqOvFonxAIQXZDAlu6nVuS0WssFteH2FhVG36GlFMmfpem114lLTOJldAImR4GA75vpdCVSk9wWoLNEWJDrpkU5ts-VF3Kvx33obKkhOZHpv2N21k6se3lj4ZU-puZ4ylHmdZzpEVmpFZNp2ElIU9Uyk7NEokfJoLxfxOKXqv8Jj_nscAncu7mJ2M_HMyXcs4xbcdVScput7AdKg_nQsTpe3qhTuxdd11chSYe5Ssb1ZiIpC6V54nwwPXIPXusccjYQ8Dff5PEWW0hsMAvfNdzdgGxQrjIdZZxpOfJoBVkjhx91qUSXFMIK0MHe672X0UOl28HQkfvpEnMQlzSvK3ae506FHAX7I5n4GVNoEWMkioRUZun_9GUVZKHxsv2nkGufrV8wMa1AarDQUCeR3jBMF9_dpDxmScXp-HvF_CHj4-ZK3NqiUEU3ctj2qR6r_fNg6UW6oB6ignmHVkJ1Bx8Rcmjw_6-VGi3Eg9nA29NQB8DvI0irMH_L2Ll10hBgFt5PfB_Fi8QY7qenZ_VLQiQTZSRgzgTGwWcyIx_TF5R8meOvntx6S9jgEQW7RuX9v-P_Tj7HrdB_zYdHYZK4QADRSH8XZhbyh1daX23sU5SPETP8PCZUOuas0KJQHZXiV5VWTLIcLo0ZNLywd1iCtg6CYKXsxi0TvqC1GJicaykhgGWXoZuBi59YNd67QriAR60T70sJxtjg9mTi1YX45MEkpnbrRrrBkvzxyf9OPfMr1zURBvc7YcO483aaIW15kxhI7nP8_-RQ49H9TbrvUqdD4uNifIqEEtu8wAXdmXiGEFZBJFE1fNe7yZ1Kz2z-guKbc9H_MgQjAqcZbxIYnEzm0jAuEDbgWocIuH0H4CosEwKuLRQgW42YHsgJpu08pZI6Gejme2pJnpdtKVpxBSm0kJLi24n3hTzZFKz46FpTyUMZUMMUcIzi7GE_ItSroh4IDd-Y2jolnvH-vR_3b3P7BJqzrurjQ8gVL431zFDIWfYZXbbEZ4sdv8nLZqNm_e7C3RM1nPie4yK4hkx9tpR5T6PNSpt6265zkWCBCjlvr9x-FYC4YaXUBnnkVe4SaBrsnmJk6KzFcteawB7cxapSFoTSNtoP3ObCTGZKw_JHSWcBp5Z4C7sqGfSkmbmfRTPihu2rS7g3SspM7fobCNwUC3turdzwA9wSc1mG6x79WmeCfJSMHyG_JwsiV_GsCd5RoS7JafsDbK2U3uZqFBsdSSxN2uJ7S_g1nqZ1iUhb4YHl_hhDSobbCQ_U7YyNdI075ZWoEqRLaA2dcjnwLYENEXiwex9jMZBx4bryWTIZncQeSwV4fypJ5fUBitA4YYj1j9uSy_x27hLe9Xdonb-n-XCkSrxR7BjKcLdVu8AF_yFQj_v_BpVzA7PU18Cwa8x3JyoCZWj1MOWozfEUnoQfhoWxaVsThc6p0g7k21JW_ZDmija0tB1hmjOCkLkte-ylPedWaPHogZvnH7U5F6Xi3kcQ8ptE2FxJL1iNhqTDU0amhsRPtnAingShTgRlkxO2Ml_v8unpGWWKhiQ5SkM2I2zNz9qhELxAZ-DurEB4wD1lRmGu1InQt7FVFfVyWo-1Ko9cNoPCjULFqVn7wT44u04WRwzZmu1yyok05z4AwRHClDw5vK-L5UzK5UOkW2NRW0-EIAOt7md9opHF86kOBXci-SkGJwGDOLA1jt_40QskwPaSQoGPF27R4ysO7ua_YuokQhLIeQpdkH1g-Je0kzKGTa5gcAuQK-vPq0X6Rm4Xgk2WoyaOE4MKfqHieAQHb3YDwH3u2qFg4cuh_jMT-D0Fz_tNZzeDq_w5Kf9aCFrq1Hy9xMNBS5YQOMWmO8sKgZ2i1pFM6ykXILz42wZK9hajgXILh13mNyV8lW2eois1ekq4MDJNuIJN6AMbAYRV3ry0sE4VR2YcKNLwyh8jQh7jmlQq8lmYwev2Sf3vZF4fv4RS3YlKU3IGdvDgLrdIR1CnuaRnX-2_bCySRaKTzDhnPNRFFQueLlhNx2JN_Roqaisy23ZY4gASJJgKzSpFjv76kqi-5aloulNrSPKurlsS8RM0KdmyMZzdDOMC_hVOYmqTUqo-VQSNk7Ir4rlBN2ksqkKHTQD7q67TDkVS28YxXk5aXaIHEzuGK9dbKV6zFHW5lhoX9WdK6wd4ybdXWkKfrcWJ8OMOj4vClkcPd444UrAJxqrgGFiRMpcdiIveObliZpRJFLV_VWo3bIxRZCSb-0cQdePUppRoaZHISdU-y3ErTxhR-BvPfLjE5SIxNL81tZjJ6lzfHnW1M54FPD2iQSueoXN42PHm2Kfb_ixZpssSpu2-E-7Hj7tw_xM7vaxtNB-ZGdGxYjLrv7I-z1cQFrV8ZE-5yVNseu1jWixivBZwhBAukxWsMwQw792wLQfSahlBVSj-XNOyS17nfN-uWN74nAnbCDfBSCWP6ixo1E3xXJa9aeQFvxvLi_wfCtjtJdxW9JPHjpSVvcm6-hsfZcxyq0Wa4_EyrQfhEmb87ejfl_RtElVFhB5mfinRQvkR6dwE9KCyN6IZbTgZw41yluyNVwt_ZavdsBX4Zp6E7sDpnJjf4CshRGf8no4GtbBQEkMCwzkhRGS-xb53Q2_ve6qMIHcXMy7gKq9V2rpR2hZM3STDCEDuYIH5K0cwLcdFXEhLfow_XmYXBUhGbQ05Y71U92bKiASr_XeElGK7r_FZJlSpR5VL76adxRwa8gjnOTKxwzA6tKqFp2L9n7nUYqfyHjux1_i4eA6EPGlc7TnoxND2xJH5AZBY2Jia36OzBTyQ15oFdQVyc-vHlYRUBJCKyGRLAV0l-S3EmqiYgH8S144lF8UO_bZTBCO4knpXTqsiPWqHt8HMrlxRDr-JLlLMB7kBDY18zqkm1KigVgW1iXHYL1rosUS2rMHGXIAaeoEiKKcu3VuIsON_ZI0b6cQ4yQrcsZ0DY00_CH-x2_npKyWWiLJ-ic5_Kt3aCTUjk22EWyJ1gtZ8RDIer0SNpxSY4X8pO4Pd5D4chNW8wXZI1Wm5p6jSzKnD8ceQHtYgj2FpNizPFsd8Qo2JYhhV06dJ8-fubBsA2AjY_0R94UxxoI4Um0EvPpP34Fmv0N8Ew8zsbw_xOB3sd2XEYO4TUMH5QsqVfBZEjaNv2WrC_99Z4gSMmAa0hlefTg9yrwhKXsnx2TFMi38Sg2E9bVwhgMVtEOACvU36SGmp-nm9jB-Fq0EnFoUtONOMYNe_a1bka-1EJjv44="','a25a9515-26ae-4bfa-8eba-081ea42ddb94','e3aecef1-1b07-478b-b7d4-8f8807519e17',0,'Bulkhead Estate');
CREATE TABLE "block_document_reference" (
	id CHAR(36) DEFAULT ((
        lower(hex(randomblob(4))) 
        || '-' 
        || lower(hex(randomblob(2))) 
        || '-4' 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || substr('89ab',abs(random()) % 4 + 1, 1) 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || lower(hex(randomblob(6)))
    )) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	name VARCHAR NOT NULL, 
	parent_block_document_id CHAR(36) NOT NULL, 
	reference_block_document_id CHAR(36) NOT NULL, 
	CONSTRAINT pk_block_document_reference PRIMARY KEY (id), 
	CONSTRAINT fk_block_document_reference__parent_block_document_id__block_document FOREIGN KEY(parent_block_document_id) REFERENCES block_document (id) ON DELETE CASCADE, 
	CONSTRAINT fk_block_document_reference__reference_block_document_id__block_document FOREIGN KEY(reference_block_document_id) REFERENCES block_document (id) ON DELETE CASCADE, 
	CONSTRAINT ck_block_document_reference__ck_block_document_reference__no_self_reference CHECK (parent_block_document_id != reference_block_document_id)
);
CREATE TABLE "block_schema" (
	id CHAR(36) DEFAULT ((
        lower(hex(randomblob(4))) 
        || '-' 
        || lower(hex(randomblob(2))) 
        || '-4' 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || substr('89ab',abs(random()) % 4 + 1, 1) 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || lower(hex(randomblob(6)))
    )) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	fields JSON DEFAULT '{}' NOT NULL, 
	block_type_id CHAR(36) NOT NULL, 
	checksum VARCHAR NOT NULL, 
	capabilities JSON DEFAULT '[]' NOT NULL, version VARCHAR DEFAULT 'non-versioned' NOT NULL, 
	CONSTRAINT pk_block_schema PRIMARY KEY (id), 
	CONSTRAINT fk_block_schema__block_type_id__block_type FOREIGN KEY(block_type_id) REFERENCES block_type (id) ON DELETE CASCADE
);
INSERT INTO "block_schema" VALUES('e1baa06e-d020-43cc-aacc-a4a138d4c9fd','2026-11-30 22:14:53.800350','2026-11-30 22:14:53.800361','{"block_type_slug": "salesforce-org", "description": "A Salesforce org: where it is, how it is reached, and as whom.", "properties": {"alias": {"description": "Short name of the org, used everywhere.", "pattern": "^[a-z0-9-]+$", "title": "Alias", "type": "string", "position": 0}, "my_domain": {"description": "My Domain address, such as https://acme.my.salesforce.com.", "title": "My Domain", "type": "string", "position": 1}, "kind": {"description": "Whether the org holds production data.", "enum": ["production", "sandbox"], "title": "Kind", "type": "string", "position": 2}, "scanner": {"$ref": "#/definitions/OrgIdentity", "description": "Identity that reads; its session refuses every write.", "position": 3}, "enforcer": {"anyOf": [{"$ref": "#/definitions/OrgIdentity"}, {"type": "null"}], "default": null, "description": "Identity that changes, for approved plans only.", "position": 4}, "proxy": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "HTTP proxy through which the org is reached.", "title": "Proxy", "position": 5}, "ca_bundle": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "File of certificate authorities to trust.", "title": "Ca Bundle", "position": 6}, "region": {"default": "", "description": "Where the org''s data lives.", "title": "Region", "type": "string", "position": 7}, "time_zone": {"default": "UTC", "description": "IANA time zone of the org''s business hours.", "title": "Time Zone", "type": "string", "position": 8}}, "required": ["alias", "my_domain", "kind", "scanner"], "secret_fields": [], "title": "SalesforceOrg", "type": "object", "definitions": {"OrgIdentity": {"description": "One of our users in an org and the name of the secret that signs it in.", "properties": {"flow": {"description": "OAuth flow that gets the token.", "enum": ["jwt-bearer", "client-credentials"], "title": "Flow", "type": "string"}, "username": {"description": "User name in the org.", "title": "Username", "type": "string"}, "secret": {"description": "Name of the secret that holds the consumer key and the private key or secret.", "title": "Secret", "type": "string"}, "session_sets": {"description": "Session-activated permission sets with the write rights, woken for approved changes only.", "items": {"type": "string"}, "title": "Session Sets", "type": "array"}}, "required": ["flow", "username", "secret"], "title": "OrgIdentity", "type": "object"}}}','ad10537c-bfd4-4c06-a3de-72665b17c15f','sha256:e2bc014e87da3988fe9e57d76523f65023768a4ff22d1c94ec0e47a82a0eccf7','[]','non-versioned');
INSERT INTO "block_schema" VALUES('4cede72f-a526-478b-a1fb-d7e20888fbf7','2026-11-30 22:14:55.359627','2026-11-30 22:14:55.359640','{"block_type_slug": "aws-secret-store", "description": "AWS Secrets Manager of one account and region. Credentials come from the usual AWS chain or a named file.", "properties": {"region": {"description": "AWS region, such as us-east-1.", "title": "Region", "type": "string", "position": 0}, "endpoint_url": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Endpoint, where it is not the public one.", "title": "Endpoint Url", "position": 1}, "profile": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Profile of the shared credentials file.", "title": "Profile", "position": 2}, "shared_credentials_file": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Path of the shared credentials file.", "title": "Shared Credentials File", "position": 3}, "ca_bundle": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "File of certificate authorities to trust.", "title": "Ca Bundle", "position": 4}, "enforcer_role": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "ARN of the role taken on for approved changes to firewalls.", "title": "Enforcer Role", "position": 5}}, "required": ["region"], "secret_fields": [], "title": "SecretStore", "type": "object"}','2bc6e146-8600-4e0a-85e7-b708503c9607','sha256:f92e439b2c74a15e15efcb0529d048e5eaf99f73f0a65b50121332a9fc37e5be','[]','non-versioned');
INSERT INTO "block_schema" VALUES('a4304bfb-4676-47f4-b779-0f8d11286314','2026-11-30 22:14:55.759921','2026-11-30 22:14:55.759932','{"block_type_slug": "bulkhead-slack-channel", "description": "A Slack channel that alerts of some orgs go to.", "properties": {"orgs": {"description": "Aliases of the orgs whose alerts go here.", "items": {"type": "string"}, "title": "Orgs", "type": "array", "position": 0}, "secret": {"description": "Name of the secret that holds the incoming-webhook address.", "title": "Secret", "type": "string", "position": 1}}, "required": ["orgs", "secret"], "secret_fields": [], "title": "SlackChannel", "type": "object"}','50a422f8-f898-428f-9f02-9b78fde6d1c6','sha256:6bcf4fffc77fdd878af42fe2ff1e30cb9dddc8bd7241814f1fc1b1bff37f30ff','[]','non-versioned');
INSERT INTO "block_schema" VALUES('ae6486f1-74f6-4c51-a864-146a82b206a6','2026-11-30 22:14:56.178659','2026-11-30 22:14:56.178671','{"block_type_slug": "bulkhead-ledger", "description": "The ledger of plans, approvals, grants and evidence.", "properties": {"url_secret": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Name of the secret with the database''s address; a file where none is named.", "title": "Url Secret", "position": 0}, "signing_secret": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Name of the secret with the Ed25519 key that seals checkpoints.", "title": "Signing Secret", "position": 1}, "signing_kms_key": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "KMS key that seals checkpoints instead (ECC_NIST_P256).", "title": "Signing Kms Key", "position": 2}, "anchor_bucket": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Bucket with Object Lock that keeps the checkpoints.", "title": "Anchor Bucket", "position": 3}, "anchor_prefix": {"default": "ledger/", "description": "Where in the bucket.", "title": "Anchor Prefix", "type": "string", "position": 4}, "anchor_days": {"default": 2555, "description": "Days for which a checkpoint cannot be removed.", "title": "Anchor Days", "type": "integer", "position": 5}}, "secret_fields": [], "title": "Ledger", "type": "object"}','33d50368-c509-4a9e-952d-0f8d7790f108','sha256:f2905c76b03212c59ff9e7436fc0985496e5815f1acc60be5d7d7ca9436330fe','[]','non-versioned');
INSERT INTO "block_schema" VALUES('a25a9515-26ae-4bfa-8eba-081ea42ddb94','2026-11-30 22:14:56.416055','2026-11-30 22:14:56.416067','{"block_type_slug": "bulkhead-estate", "description": "The registered estate and policy, validated before they were saved.", "properties": {"estate": {"description": "The estate: orgs, routes, channels, attestations.", "title": "Estate", "type": "object", "position": 0}, "policy": {"description": "The policy: networks, thresholds, caps, waivers.", "title": "Policy", "type": "object", "position": 1}}, "required": ["estate", "policy"], "secret_fields": [], "title": "EstateDocument", "type": "object"}','e3aecef1-1b07-478b-b7d4-8f8807519e17','sha256:a04a0c0a780a695fe532dfe5eeca6aee28a2965b5ff17c9dc64da93a0c0b2b56','[]','non-versioned');
CREATE TABLE block_schema_reference (
	id CHAR(36) DEFAULT (
    (
        lower(hex(randomblob(4))) 
        || '-' 
        || lower(hex(randomblob(2))) 
        || '-4' 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || substr('89ab',abs(random()) % 4 + 1, 1) 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || lower(hex(randomblob(6)))
    )
    ) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	name VARCHAR NOT NULL, 
	parent_block_schema_id CHAR(36) NOT NULL, 
	reference_block_schema_id CHAR(36) NOT NULL, 
	CONSTRAINT pk_block_schema_reference PRIMARY KEY (id), 
	CONSTRAINT fk_block_schema_reference__parent_block_schema_id__block_schema FOREIGN KEY(parent_block_schema_id) REFERENCES block_schema (id) ON DELETE cascade, 
	CONSTRAINT fk_block_schema_reference__reference_block_schema_id__block_schema FOREIGN KEY(reference_block_schema_id) REFERENCES block_schema (id) ON DELETE cascade
);
CREATE TABLE "block_type" (
	id CHAR(36) DEFAULT ((
        lower(hex(randomblob(4))) 
        || '-' 
        || lower(hex(randomblob(2))) 
        || '-4' 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || substr('89ab',abs(random()) % 4 + 1, 1) 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || lower(hex(randomblob(6)))
    )) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	name VARCHAR NOT NULL, 
	logo_url VARCHAR, 
	documentation_url VARCHAR, 
	description VARCHAR, 
	code_example VARCHAR, 
	is_protected BOOLEAN DEFAULT '0' NOT NULL, 
	slug VARCHAR NOT NULL, 
	CONSTRAINT pk_block_type PRIMARY KEY (id)
);
INSERT INTO "block_type" VALUES('ad10537c-bfd4-4c06-a3de-72665b17c15f','2026-11-30 22:14:53.765483','2026-11-30 22:14:53.765494','Salesforce Org',NULL,'https://help.salesforce.com/s/articleView?id=sf.domain_name_overview.htm','A Salesforce org: where it is, how it is reached, and as whom.','```python
from blocks import SalesforceOrg

org = SalesforceOrg.load("hq")
```',0,'salesforce-org');
INSERT INTO "block_type" VALUES('2bc6e146-8600-4e0a-85e7-b708503c9607','2026-11-30 22:14:55.297517','2026-11-30 22:14:55.297527','AWS Secret Store',NULL,'https://docs.aws.amazon.com/secretsmanager/','AWS Secrets Manager of one account and region. Credentials come from the usual AWS chain or a named file.','```python
from blocks import SecretStore

store = SecretStore.load("bulkhead")
```',0,'aws-secret-store');
INSERT INTO "block_type" VALUES('50a422f8-f898-428f-9f02-9b78fde6d1c6','2026-11-30 22:14:55.719882','2026-11-30 22:14:55.719891','Bulkhead Slack Channel',NULL,'https://api.slack.com/messaging/webhooks','A Slack channel that alerts of some orgs go to.','```python
from blocks import SlackChannel

channel = SlackChannel.load("security")
```',0,'bulkhead-slack-channel');
INSERT INTO "block_type" VALUES('33d50368-c509-4a9e-952d-0f8d7790f108','2026-11-30 22:14:56.112253','2026-11-30 22:14:56.112264','Bulkhead Ledger',NULL,'https://csrc.nist.gov/pubs/sp/800/92/final','The ledger of plans, approvals, grants and evidence.','```python
from blocks import Ledger

ledger = Ledger.load("bulkhead")
```',0,'bulkhead-ledger');
INSERT INTO "block_type" VALUES('e3aecef1-1b07-478b-b7d4-8f8807519e17','2026-11-30 22:14:56.365572','2026-11-30 22:14:56.365582','Bulkhead Estate',NULL,'https://csrc.nist.gov/pubs/sp/800/207/final','The registered estate and policy, validated before they were saved.','```python
from blocks import EstateDocument

document = EstateDocument.load("bulkhead")
```',0,'bulkhead-estate');
CREATE TABLE composite_trigger_child_firing (
	automation_id CHAR(36) NOT NULL, 
	parent_trigger_id CHAR(36) NOT NULL, 
	child_trigger_id CHAR(36) NOT NULL, 
	child_firing_id CHAR(36) NOT NULL, 
	child_fired_at DATETIME, 
	child_firing JSON NOT NULL, 
	id CHAR(36) DEFAULT (
    (
        lower(hex(randomblob(4)))
        || '-'
        || lower(hex(randomblob(2)))
        || '-4'
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || substr('89ab',abs(random()) % 4 + 1, 1)
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || lower(hex(randomblob(6)))
    )
    ) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	CONSTRAINT pk_composite_trigger_child_firing PRIMARY KEY (id), 
	CONSTRAINT fk_composite_trigger_child_firing__automation_id__automation FOREIGN KEY(automation_id) REFERENCES automation (id) ON DELETE CASCADE
);
CREATE TABLE concurrency_limit (
	id CHAR(36) DEFAULT (
    (
        lower(hex(randomblob(4))) 
        || '-' 
        || lower(hex(randomblob(2))) 
        || '-4' 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || substr('89ab',abs(random()) % 4 + 1, 1) 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || lower(hex(randomblob(6)))
    )
    ) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	tag VARCHAR NOT NULL, 
	concurrency_limit INTEGER NOT NULL, 
	active_slots JSON DEFAULT '[]' NOT NULL, 
	CONSTRAINT pk_concurrency_limit PRIMARY KEY (id)
);
CREATE TABLE "concurrency_limit_v2" (
	id CHAR(36) DEFAULT ((
        lower(hex(randomblob(4)))
        || '-'
        || lower(hex(randomblob(2)))
        || '-4'
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || substr('89ab',abs(random()) % 4 + 1, 1)
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || lower(hex(randomblob(6)))
    )) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	active BOOLEAN NOT NULL, 
	name VARCHAR NOT NULL, 
	"limit" INTEGER NOT NULL, 
	active_slots INTEGER NOT NULL, 
	denied_slots INTEGER NOT NULL, 
	slot_decay_per_second FLOAT NOT NULL, 
	avg_slot_occupancy_seconds FLOAT NOT NULL, 
	CONSTRAINT pk_concurrency_limit_v2 PRIMARY KEY (id), 
	CONSTRAINT uq_concurrency_limit_v2__name UNIQUE (name)
);
INSERT INTO "concurrency_limit_v2" VALUES('47e15d61-68ca-45f6-addf-7276f74d0b40','2026-11-30 22:14:58.351542','2026-11-30 22:14:58.351550',1,'deployment:663fcec3-734f-4cf5-bc9d-c5511e469f06',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('66155300-d53d-4954-8902-5df0f93aa04a','2026-11-30 22:14:58.552943','2026-11-30 22:14:58.552953',1,'deployment:94e28032-ac03-4882-ba77-dc04fb7c41c4',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('9ab1dd7c-092b-4aae-87df-66f708ca1bdf','2026-11-30 22:14:58.750691','2026-11-30 22:14:58.750700',1,'deployment:7eecffbd-1969-434f-b44b-c3d06178cdd0',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('c27c2e35-9dec-4b8e-bb47-90792f0cd132','2026-11-30 22:14:58.983060','2026-11-30 22:14:58.983069',1,'deployment:c8a3235d-4822-472e-81b9-be6aa49588c8',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('1ad63a2f-5b7b-4ab8-a18b-d29b9f6ea9f7','2026-11-30 22:14:59.333472','2026-11-30 22:14:59.333481',1,'deployment:2f042a45-37b0-425e-87da-cc97e7a52e6b',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('51d7ade7-682c-4d0e-8756-ed6276586114','2026-11-30 22:14:59.725148','2026-11-30 22:14:59.725158',1,'deployment:897898c8-8d37-4060-b0bb-f0f3109e366a',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('026b2224-529e-4c11-be96-23ee22214221','2026-11-30 22:15:02.173606','2026-11-30 22:15:02.173615',1,'deployment:09c217c5-b99c-49ed-8421-4ed584f8c136',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('8f499711-1a2f-48bb-9463-823841eedeab','2026-11-30 22:15:02.476406','2026-11-30 22:15:02.476415',1,'deployment:912690c3-e220-46bd-b3ba-340d8511044c',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('06899690-212d-4d13-b5ad-f770f5abeb78','2026-11-30 22:15:02.813179','2026-11-30 22:15:02.813189',1,'deployment:72055fcd-07f4-4c85-9bd4-ca79c5050b73',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('68b08972-fdee-436d-a993-cbec8d8281fc','2026-11-30 22:15:03.134230','2026-11-30 22:15:03.134242',1,'deployment:efd0243c-6a51-46ee-8ebb-881ed2e67717',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('434223aa-f28a-4845-85a4-c7e715c84e21','2026-11-30 22:15:03.405397','2026-11-30 22:15:03.405408',1,'deployment:7dd670c9-5dff-4d21-83ba-2000db118125',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('1d9e3665-7fd9-4549-a921-fa2ed525e14d','2026-11-30 22:15:03.723091','2026-11-30 22:15:03.723101',1,'deployment:85a9edb0-9a93-4c12-8004-6001bdce1bf7',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('ccb53913-0fd1-4154-960c-5e472532e927','2026-11-30 22:15:03.959915','2026-11-30 22:15:03.959924',1,'deployment:2a136393-4eb9-4995-90af-342993909ad0',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('413e3bec-1e27-4314-8b23-d38635ee72ee','2026-11-30 22:15:04.293712','2026-11-30 22:15:04.293721',1,'deployment:128f294a-eb4d-441c-97df-9be743eee97c',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('29c65ecd-eee6-4c83-9b38-56bf1024fc00','2026-11-30 22:15:04.582794','2026-11-30 22:15:04.582802',1,'deployment:5f543485-daaf-4c50-8d86-581d6ded40d9',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('5665dfa1-426b-44ac-bc16-d7373e98dfb0','2026-11-30 22:15:04.814442','2026-11-30 22:15:04.814449',1,'deployment:bbe2e192-5ecc-4f05-ad0a-aaab48a09293',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('2d975b7f-f1a3-4589-b206-2e75e784b3ed','2026-11-30 22:15:05.064159','2026-11-30 22:15:05.064168',1,'deployment:f02bc51b-b9ba-40b2-9c01-b22a937768ef',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('36581b18-0f2e-4d88-955e-a3c253949906','2026-11-30 22:15:05.296584','2026-11-30 22:15:05.296593',1,'deployment:100fa315-149f-473c-b1eb-0eb805d76c38',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('360e165d-d9d1-4fe3-8a86-3f705c0ed0ed','2026-11-30 22:15:05.549319','2026-11-30 22:15:05.549328',1,'deployment:e9c4135e-08ec-4058-8633-e9f2e5197f79',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('a3c13a50-c1e8-44a6-81d2-1c1e678a0ba8','2026-11-30 22:15:05.868984','2026-11-30 22:15:05.868996',1,'deployment:7a768ac5-4186-4cf9-9ffd-ac1fe6ab266b',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('f870ecd4-5767-46d9-8c9b-e1c2eba0021e','2026-11-30 22:15:06.169079','2026-11-30 22:15:06.169088',1,'deployment:c434f153-261d-4a6d-8531-ad13099793a6',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('46a2de39-5695-4a03-a499-29f16e8b9608','2026-11-30 22:15:06.453223','2026-11-30 22:15:06.453236',1,'deployment:73443781-b473-4597-9b40-ae0949ed64c6',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('235fcb49-6ab1-413a-b5c3-c5a7d0e62a1c','2026-11-30 22:15:06.710823','2026-11-30 22:15:06.710834',1,'deployment:7651c36e-b187-4803-b863-fcd3e17e193f',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('f5bfc24c-9e19-4e07-9aa4-05fc842a73af','2026-11-30 22:15:06.906643','2026-11-30 22:15:06.906651',1,'deployment:34dbb349-1d3c-4420-8239-2bac89a67849',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('ac89874b-d0b3-4f6a-a4ca-6f6aff12dce7','2026-11-30 22:15:07.063189','2026-11-30 22:15:07.063197',1,'deployment:24fd9a79-46c8-4ab5-87fe-24afa264afb1',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('b121ec7c-7454-4917-b280-14bdb82cf54f','2026-11-30 22:15:07.294670','2026-11-30 22:15:07.294679',1,'deployment:722d32ad-791c-4b61-9007-c03a9af81afe',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('df459b29-1c8b-48c3-b832-54a83fb0db26','2026-11-30 22:15:07.499395','2026-11-30 22:15:07.499404',1,'deployment:85680f03-098c-421e-8025-a9e51b737400',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('ad1d4bb2-1371-46fb-9037-f81b4d8f6c46','2026-11-30 22:15:07.800928','2026-11-30 22:15:07.800937',1,'deployment:98b50d1c-1834-4645-9028-20cdb68962fa',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('c1f02a96-2ad0-493a-8681-f45812d65c4c','2026-11-30 22:15:08.171453','2026-11-30 22:15:08.171463',1,'deployment:223ef427-0c68-476f-a630-8a50c2403a7c',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('f95fce01-6c8f-4081-a964-726f0c0f185c','2026-11-30 22:15:08.501869','2026-11-30 22:15:08.501877',1,'deployment:ac0b27bc-4dec-47fc-adfd-48edd9df3922',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('99e0145a-cd8a-48f9-a361-cdf1c9201d59','2026-11-30 22:15:08.696045','2026-11-30 22:15:08.696055',1,'deployment:6174e109-1018-44f0-a163-7c6a00a8a0b4',8,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('174f17c4-7884-4e2d-a878-311e44e60aaa','2026-11-30 22:15:08.868025','2026-11-30 22:15:08.868034',1,'deployment:0ae628ab-e546-44d4-874c-0e7cd2372429',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('aa04ea03-3041-4d2e-a065-bf0309ce59c8','2026-11-30 22:15:09.023863','2026-11-30 22:15:09.023872',1,'deployment:0e675850-053c-429c-a01e-4bbbc7a18cab',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('61d38cd1-3b0f-4b79-91ec-f46162827904','2026-11-30 22:15:09.315084','2026-11-30 22:15:09.315094',1,'deployment:03d477e0-d82a-456c-b37f-40585d3c5957',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('15a866a7-7ab5-469f-b44a-a0d7b55f43f2','2026-11-30 22:15:09.650026','2026-11-30 22:15:09.650034',1,'deployment:749d8abe-b57b-4eb7-a337-1b843c474116',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('3dc2ec19-e7ce-4a69-86d2-2c68842903cc','2026-11-30 22:15:11.984279','2026-11-30 22:15:11.984288',1,'deployment:096543e7-312e-4610-90e2-a74c27129540',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('6c9b740a-bf12-46c2-8b6d-8c5d71d568dd','2026-11-30 22:15:12.203515','2026-11-30 22:15:12.203524',1,'deployment:6819439f-4cca-4d03-9fad-3cf54d918bc6',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('ad083cbe-e73b-492c-8767-9b67f972490b','2026-11-30 22:15:12.353619','2026-11-30 22:15:12.353628',1,'deployment:b0a7ed79-3f88-4cf1-b126-f97f078d65d2',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('197dd565-b7f2-434a-912f-c692b48e5482','2026-11-30 22:15:12.524040','2026-11-30 22:15:12.524049',1,'deployment:f446d64e-ebe2-4231-8d69-8f06a5c0e7e0',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('44487756-8fc2-4b76-9963-0da9b06f2fd7','2026-11-30 22:15:12.666957','2026-11-30 22:15:12.666965',1,'deployment:9bcffac1-d172-4eae-8682-fcfb1fbcfb6f',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('0ed9ef0d-f40f-4508-a423-05cfe367f29c','2026-11-30 22:15:12.810435','2026-11-30 22:15:12.810443',1,'deployment:bd60479e-a6fc-4591-9254-c34a715ad2d0',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('ec1b715b-0c93-4150-9029-4e207ed0d8d2','2026-11-30 22:15:12.960491','2026-11-30 22:15:12.960501',1,'deployment:08e3fcfc-0c13-4efb-8dee-9e47f3e5ab95',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('a01e58ab-afd9-4fca-8261-5fda18d376c9','2026-11-30 22:15:13.137021','2026-11-30 22:15:13.137030',1,'deployment:ebda33a8-b051-4107-8943-4b2a1b6321e1',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('74d8e3b9-4f10-4628-baa7-42363faded97','2026-11-30 22:15:13.325960','2026-11-30 22:15:13.325968',1,'deployment:f1cd64d2-c325-4dac-9a21-41185144bfd2',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('87c2c65f-a89b-4a6c-8990-9c46b5b04977','2026-11-30 22:15:13.484755','2026-11-30 22:15:13.484763',1,'deployment:277f5029-8eaa-4754-bfb2-a5f32adee95e',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('6e6693ea-dc36-43ba-9078-c332ba0d23be','2026-11-30 22:15:13.685509','2026-11-30 22:15:13.685518',1,'deployment:ddf1d748-14ac-4ebf-94a2-24bdcfc35df1',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('ebba215e-3030-4e09-a236-233a85af90c0','2026-11-30 22:15:13.847501','2026-11-30 22:15:13.847510',1,'deployment:bf0af1ce-307b-48da-bae3-c7f2ca668d56',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('b7d59ad9-167c-449f-ab06-eeb54e9a0632','2026-11-30 22:15:14.019896','2026-11-30 22:15:14.019905',1,'deployment:b2eb64ce-3a83-4f88-948f-215d68dcfc04',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('a2b8ffa8-55c8-4c21-8625-06c6f7949f32','2026-11-30 22:15:14.196361','2026-11-30 22:15:14.196369',1,'deployment:cd5b8ec6-0553-417b-8ff1-4dfff8b5d559',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('9f9ffd5a-e921-4fa2-b5b4-0f8f3c7656e1','2026-11-30 22:15:14.396763','2026-11-30 22:15:14.396772',1,'deployment:355a0272-1afc-4488-b768-7f6a20016348',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('fac1c405-d08e-4f69-8412-9b9d969058d6','2026-11-30 22:15:14.554761','2026-11-30 22:15:14.554771',1,'deployment:fd1fbde5-bf62-43e6-b9d6-0a09ab17c153',8,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('465c6d78-ef95-436b-a12b-75681a715461','2026-11-30 22:15:14.709347','2026-11-30 22:15:14.709356',1,'deployment:79c9ccf7-4fa9-4b5d-92d4-01c1a273909f',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('f5f0fb01-1038-4216-9e1e-540c42d21843','2026-11-30 22:15:14.867294','2026-11-30 22:15:14.867303',1,'deployment:8af87026-2c75-4335-a8d6-9fb63bc577de',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('0c6b417f-0985-488d-8ef9-0f7ffe6eb7e0','2026-11-30 22:15:14.998871','2026-11-30 22:15:14.998880',1,'deployment:6ce7a43d-3fb4-4f5a-88a4-0be394351b98',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('df79c8bf-38d7-47f7-b213-1aa4c226c568','2026-11-30 22:15:15.260233','2026-11-30 22:15:15.260243',1,'deployment:d4735d75-13dd-4e0d-96f9-769ebcb0831c',8,0,0,0.0,2.0);
CREATE TABLE configuration (
	id CHAR(36) DEFAULT (
    (
        lower(hex(randomblob(4))) 
        || '-' 
        || lower(hex(randomblob(2))) 
        || '-4' 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || substr('89ab',abs(random()) % 4 + 1, 1) 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || lower(hex(randomblob(6)))
    )
    ) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	"key" VARCHAR NOT NULL, 
	value JSON NOT NULL, 
	CONSTRAINT pk_configuration PRIMARY KEY (id), 
	CONSTRAINT uq_configuration__key UNIQUE ("key")
);
INSERT INTO "configuration" VALUES('c9b6c249-6335-42f2-b62a-74ba90faf917','2026-11-30 22:14:54.639459','2026-11-30 22:14:54.639472','ENCRYPTION_KEY','{"fernet_key": "jQ8lsO4oDTuStifBaMlL-oUbsTX3ViCaGZXXdc8Dc2k="}');
CREATE TABLE csrf_token (
	token VARCHAR NOT NULL, 
	client VARCHAR NOT NULL, 
	expiration DATETIME NOT NULL, 
	id CHAR(36) DEFAULT (
    (
        lower(hex(randomblob(4)))
        || '-'
        || lower(hex(randomblob(2)))
        || '-4'
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || substr('89ab',abs(random()) % 4 + 1, 1)
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || lower(hex(randomblob(6)))
    )
    ) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	CONSTRAINT pk_csrf_token PRIMARY KEY (id), 
	CONSTRAINT uq_csrf_token__client UNIQUE (client)
);
CREATE TABLE "deployment" (
	id CHAR(36) DEFAULT ((
        lower(hex(randomblob(4))) 
        || '-' 
        || lower(hex(randomblob(2))) 
        || '-4' 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || substr('89ab',abs(random()) % 4 + 1, 1) 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || lower(hex(randomblob(6)))
    )) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	name VARCHAR NOT NULL, 
	tags JSON DEFAULT '[]' NOT NULL, 
	parameters JSON DEFAULT '{}' NOT NULL, 
	flow_id CHAR(36) NOT NULL, 
	description TEXT, 
	infrastructure_document_id CHAR(36), 
	parameter_openapi_schema JSON, 
	storage_document_id CHAR(36), 
	version VARCHAR, 
	infra_overrides JSON DEFAULT '{}' NOT NULL, 
	path VARCHAR, 
	entrypoint VARCHAR, 
	work_queue_name VARCHAR, 
	created_by JSON, 
	updated_by JSON, 
	work_queue_id CHAR(36), 
	pull_steps JSON, 
	enforce_parameter_schema BOOLEAN DEFAULT '0' NOT NULL, 
	last_polled DATETIME, 
	paused BOOLEAN DEFAULT '0' NOT NULL, 
	status VARCHAR(9) DEFAULT 'NOT_READY' NOT NULL, 
	concurrency_limit INTEGER, 
	concurrency_options JSON, 
	concurrency_limit_id CHAR(36), 
	labels JSON, version_id CHAR(36), 
	CONSTRAINT pk_deployment PRIMARY KEY (id), 
	CONSTRAINT fk_deployment__storage_document_id__block_document FOREIGN KEY(storage_document_id) REFERENCES block_document (id) ON DELETE CASCADE, 
	CONSTRAINT fk_deployment__work_queue_id__work_queue FOREIGN KEY(work_queue_id) REFERENCES work_queue (id) ON DELETE SET NULL, 
	CONSTRAINT fk_deployment__flow_id__flow FOREIGN KEY(flow_id) REFERENCES flow (id) ON DELETE CASCADE, 
	CONSTRAINT fk_deployment__concurrency_limit_id__concurrency_limit_v2 FOREIGN KEY(concurrency_limit_id) REFERENCES concurrency_limit_v2 (id) ON DELETE SET NULL, 
	CONSTRAINT fk_deployment__infrastructure_document_id__block_document FOREIGN KEY(infrastructure_document_id) REFERENCES block_document (id) ON DELETE CASCADE
);
INSERT INTO "deployment" VALUES('663fcec3-734f-4cf5-bc9d-c5511e469f06','2026-11-30 22:14:58.302168','2026-11-30 22:14:58.353000','assessment-weekly','["phase:assessment", "job:assessment"]','{}','58c752aa-a249-4c91-aa6a-2b5145d31513','Reads every org of the estate, shows **who trusts whom and how far one stolen cr',NULL,'{"title": "Parameters", "type": "object", "properties": {"orgs": {"default": [], "description": "Aliases of the orgs to read, as in estate.yaml. **Leave empty for all.** Trust between two orgs shows only when both are read.", "items": {"maxLength": 40, "pattern": "^[a-z0-9-]+$", "type": "string"}, "position": 0, "title": "orgs", "type": "array"}, "fail_on": {"default": "never", "description": "Ends the run as failed, after everything is published, when a finding is at least this severe.", "enum": ["never", "low", "medium", "high", "critical"], "position": 1, "title": "fail_on", "type": "string"}}}',NULL,'a5733a20d4f48caf37531059c2736799','{}',NULL,'flows.assessment.assessment',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','47e15d61-68ca-45f6-addf-7276f74d0b40','{"prefect.flow.id": "58c752aa-a249-4c91-aa6a-2b5145d31513"}',NULL);
INSERT INTO "deployment" VALUES('94e28032-ac03-4882-ba77-dc04fb7c41c4','2026-11-30 22:14:58.538098','2026-11-30 22:14:58.553000','quick-wins','["phase:quick-wins", "job:all"]','{}','0c65824b-de4a-4753-af25-4e8c85a8ff11','Makes **the plans of the quick wins, one after another**. It changes no org.

* ',NULL,'{}',NULL,'2aec8cd6f83630fda6938c82352b0b6e','{}',NULL,'flows.quick_wins.quick_wins',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','66155300-d53d-4954-8902-5df0f93aa04a','{"prefect.flow.id": "0c65824b-de4a-4753-af25-4e8c85a8ff11"}',NULL);
INSERT INTO "deployment" VALUES('7eecffbd-1969-434f-b44b-c3d06178cdd0','2026-11-30 22:14:58.737435','2026-11-30 22:14:58.751000','least-privilege','["phase:quick-wins", "job:least-privilege"]','{}','4d5e0880-d514-4eb5-abc4-3ae7ec0c8709','Makes a plan that leaves each sync user **exactly the rights its routes need**. ',NULL,'{}',NULL,'fa1952eb39811429a50253af88a4adf3','{}',NULL,'flows.least_privilege.least_privilege',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','9ab1dd7c-092b-4aae-87df-66f708ca1bdf','{"prefect.flow.id": "4d5e0880-d514-4eb5-abc4-3ae7ec0c8709"}',NULL);
INSERT INTO "deployment" VALUES('c8a3235d-4822-472e-81b9-be6aa49588c8','2026-11-30 22:14:58.968254','2026-11-30 22:14:58.984000','second-factors','["phase:quick-wins", "job:mfa"]','{}','961c79af-2d45-4243-984c-5da0f5766d97','Makes a plan by which **everybody who could take an org over is asked for a seco',NULL,'{}',NULL,'ce70619ea7ff3715d197d7e1427f9a57','{}',NULL,'flows.sign_in.second_factors',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','c27c2e35-9dec-4b8e-bb47-90792f0cd132','{"prefect.flow.id": "961c79af-2d45-4243-984c-5da0f5766d97"}',NULL);
INSERT INTO "deployment" VALUES('2f042a45-37b0-425e-87da-cc97e7a52e6b','2026-11-30 22:14:59.319491','2026-11-30 22:14:59.334000','oauth-flows','["phase:quick-wins", "job:oauth"]','{}','ca9fe72f-8c8e-4b1d-8237-7cce774f9bbd','Makes a plan that shuts the doors through which **a password alone gets a token*',NULL,'{}',NULL,'ce70619ea7ff3715d197d7e1427f9a57','{}',NULL,'flows.sign_in.oauth_flows',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','1ad63a2f-5b7b-4ab8-a18b-d29b9f6ea9f7','{"prefect.flow.id": "ca9fe72f-8c8e-4b1d-8237-7cce774f9bbd"}',NULL);
INSERT INTO "deployment" VALUES('897898c8-8d37-4060-b0bb-f0f3109e366a','2026-11-30 22:14:59.711231','2026-11-30 22:14:59.725000','approve-plan','["phase:quick-wins", "phase:advanced", "job:plans"]','{}','667a7d59-1a93-49cf-8cbe-9856fbaf9059','Notes **your yes to exactly one digest** in the ledger. It changes no org.

* Th',NULL,'{}',NULL,'4f71cf89eb844613e7c8f835681f3464','{}',NULL,'flows.plans.approve_plan',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','51d7ade7-682c-4d0e-8756-ed6276586114','{"prefect.flow.id": "667a7d59-1a93-49cf-8cbe-9856fbaf9059"}',NULL);
INSERT INTO "deployment" VALUES('09c217c5-b99c-49ed-8421-4ed584f8c136','2026-11-30 22:15:02.160966','2026-11-30 22:15:02.174000','apply-plan','["phase:quick-wins", "phase:advanced", "job:plans"]','{}','045aa8ba-844f-4269-b82c-6540c521253d','Applies an approved plan: **reads, compares, notes, writes, reads back**, org by',NULL,'{}',NULL,'4f71cf89eb844613e7c8f835681f3464','{}',NULL,'flows.plans.apply_plan',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','026b2224-529e-4c11-be96-23ee22214221','{"prefect.flow.id": "045aa8ba-844f-4269-b82c-6540c521253d"}',NULL);
INSERT INTO "deployment" VALUES('912690c3-e220-46bd-b3ba-340d8511044c','2026-11-30 22:15:02.464065','2026-11-30 22:15:02.477000','rollback-plan','["phase:quick-wins", "phase:advanced", "job:plans"]','{}','882648c3-69d1-41cb-913d-9260c77b8d1a','Takes a plan back, **whole or by the numbers of its changes**; what depends on a',NULL,'{}',NULL,'4f71cf89eb844613e7c8f835681f3464','{}',NULL,'flows.plans.rollback_plan',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','8f499711-1a2f-48bb-9463-823841eedeab','{"prefect.flow.id": "882648c3-69d1-41cb-913d-9260c77b8d1a"}',NULL);
INSERT INTO "deployment" VALUES('72055fcd-07f4-4c85-9bd4-ca79c5050b73','2026-11-30 22:15:02.701937','2026-11-30 22:15:02.814000','keep-evidence-hourly','["phase:continuous", "job:evidence"]','{}','a2ee39c8-eb37-4e11-8e46-407c54c49fe6','Signs what is new in the ledger, keeps the signature **where nobody can remove i',NULL,'{}',NULL,'04ec55565c925f9f301064c1c337dd20','{}',NULL,'flows.continuous.keep_evidence',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','06899690-212d-4d13-b5ad-f770f5abeb78','{"prefect.flow.id": "a2ee39c8-eb37-4e11-8e46-407c54c49fe6"}',NULL);
INSERT INTO "deployment" VALUES('efd0243c-6a51-46ee-8ebb-881ed2e67717','2026-11-30 22:15:03.090124','2026-11-30 22:15:03.134000','request-access','["phase:advanced", "job:access"]','{}','6ae536d1-9266-4e30-8f05-d46b83ae27f2','Asks for a permission set **for some hours**: by the name of a route, by a runni',NULL,'{"title": "Parameters", "type": "object", "properties": {"requester": {"description": "Who asks. **That person cannot approve it.**", "maxLength": 120, "minLength": 2, "position": 0, "title": "requester", "type": "string"}, "reason": {"description": "What it is for; it stays in the ledger.", "maxLength": 500, "minLength": 3, "position": 1, "title": "reason", "type": "string"}, "route": {"default": "", "description": "Name of a route, as in estate.yaml: **its sync user gets the set of its least-privilege plan.**", "maxLength": 120, "position": 2, "title": "route", "type": "string"}, "org": {"default": "", "description": "Alias of the org, as in estate.yaml. Not with a route.", "maxLength": 40, "pattern": "^[a-z0-9-]*$", "position": 3, "title": "org", "type": "string"}, "username": {"default": "", "description": "User name in that org of who gets the set. Not with a route.", "pattern": "^(.{3,120})?$", "position": 4, "title": "username", "type": "string"}, "permission_set": {"default": "", "description": "API name of the permission set. Not with a route.", "pattern": "^([A-Za-z]\\w{0,79})?$", "position": 5, "title": "permission_set", "type": "string"}, "hours": {"anyOf": [{"exclusiveMinimum": 0, "maximum": 24, "type": "number"}, {"type": "null"}], "default": null, "description": "For how long, from the approval on. **Leave empty for as long as the policy allows.**", "position": 6, "title": "hours"}, "ticket": {"default": "", "description": "The ticket or job that it belongs to, where there is one.", "position": 7, "title": "ticket", "type": "string"}, "extends": {"default": "", "description": "Id of a running grant that is to last longer, instead of a route or a set.", "pattern": "^([0-9a-fA-F]{6,16})?$", "position": 8, "title": "extends", "type": "string"}}, "required": ["requester", "reason"]}',NULL,'53aff46a61d1dfb1226e4b213563b981','{}',NULL,'flows.access.request_access',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','68b08972-fdee-436d-a993-cbec8d8281fc','{"prefect.flow.id": "6ae536d1-9266-4e30-8f05-d46b83ae27f2"}',NULL);
INSERT INTO "deployment" VALUES('7dd670c9-5dff-4d21-83ba-2000db118125','2026-11-30 22:15:03.362472','2026-11-30 22:15:03.409000','approve-access','["phase:advanced", "job:access"]','{}','acf4963d-4343-4e1b-a7d3-bed270230e60','Approves a request: the clock starts now, on the org''s own time, and the set is ',NULL,'{}',NULL,'53aff46a61d1dfb1226e4b213563b981','{}',NULL,'flows.access.approve_access',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','434223aa-f28a-4845-85a4-c7e715c84e21','{"prefect.flow.id": "acf4963d-4343-4e1b-a7d3-bed270230e60"}',NULL);
INSERT INTO "deployment" VALUES('85a9edb0-9a93-4c12-8004-6001bdce1bf7','2026-11-30 22:15:03.649597','2026-11-30 22:15:03.724000','end-access','["phase:advanced", "job:access"]','{}','462683f8-1a9c-45f7-b3f5-b2ad3bb1fe3c','Ends a grant **before its time** and takes the set away at once.',NULL,'{}',NULL,'53aff46a61d1dfb1226e4b213563b981','{}',NULL,'flows.access.end_access',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','1d9e3665-7fd9-4549-a921-fa2ed525e14d','{"prefect.flow.id": "462683f8-1a9c-45f7-b3f5-b2ad3bb1fe3c"}',NULL);
INSERT INTO "deployment" VALUES('2a136393-4eb9-4995-90af-342993909ad0','2026-11-30 22:15:03.927512','2026-11-30 22:15:03.960000','sweep-access-every-minute','["phase:continuous", "job:access"]','{}','844a3b67-76e7-403a-8fc9-123264c47695','Makes every org hold **what grants say and nothing longer**. Runs every minute, ',NULL,'{}',NULL,'04ec55565c925f9f301064c1c337dd20','{}',NULL,'flows.continuous.sweep_access',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "CANCEL_NEW", "grace_period_seconds": 120}','ccb53913-0fd1-4154-960c-5e472532e927','{"prefect.flow.id": "844a3b67-76e7-403a-8fc9-123264c47695"}',NULL);
INSERT INTO "deployment" VALUES('128f294a-eb4d-441c-97df-9be743eee97c','2026-11-30 22:15:04.263320','2026-11-30 22:15:04.294000','review-access-daily','["phase:continuous", "job:access"]','{}','1299daf5-caf8-40bf-801f-1197cc0c42ef','Says of every grant that is over **what it was used for**: how long, and for whi',NULL,'{}',NULL,'04ec55565c925f9f301064c1c337dd20','{}',NULL,'flows.continuous.review_access',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','413e3bec-1e27-4314-8b23-d38635ee72ee','{"prefect.flow.id": "1299daf5-caf8-40bf-801f-1197cc0c42ef"}',NULL);
INSERT INTO "deployment" VALUES('5f543485-daaf-4c50-8d86-581d6ded40d9','2026-11-30 22:15:04.542763','2026-11-30 22:15:15.853000','watch-plans-every-10-minutes','["phase:continuous", "job:plans"]','{}','96e51a5c-4687-4689-8e36-f0d57d7d133a','Watches **users of routes whose rights a plan changed**, for the hours that poli',NULL,'{}',NULL,'04ec55565c925f9f301064c1c337dd20','{}',NULL,'flows.continuous.watch_plans',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,1,'NOT_READY',1,'{"collision_strategy": "CANCEL_NEW", "grace_period_seconds": 120}','29c65ecd-eee6-4c83-9b38-56bf1024fc00','{"prefect.flow.id": "96e51a5c-4687-4689-8e36-f0d57d7d133a"}',NULL);
INSERT INTO "deployment" VALUES('bbe2e192-5ecc-4f05-ad0a-aaab48a09293','2026-11-30 22:15:04.785127','2026-11-30 22:15:04.815000','heartbeat-every-5-minutes','["phase:continuous", "job:alerts"]','{}','de32a75a-58f5-4c30-a2a2-689540f9b27b','Tells **a silent detector from a quiet night**, and brings what waits to the cha',NULL,'{}',NULL,'f20493ba97b6f0740c8f019fc7644841','{}',NULL,'flows.alerts.heartbeat',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "CANCEL_NEW", "grace_period_seconds": 120}','5665dfa1-426b-44ac-bc16-d7373e98dfb0','{"prefect.flow.id": "de32a75a-58f5-4c30-a2a2-689540f9b27b"}',NULL);
INSERT INTO "deployment" VALUES('f02bc51b-b9ba-40b2-9c01-b22a937768ef','2026-11-30 22:15:05.051866','2026-11-30 22:15:05.064000','list-alerts','["phase:continuous", "job:alerts"]','{}','3958b08c-3eaa-4c46-aa56-a9541c48f5f7','Shows **what is open** and who looks after it, as the artifact *alerts*.',NULL,'{}',NULL,'f20493ba97b6f0740c8f019fc7644841','{}',NULL,'flows.alerts.list_alerts',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','2d975b7f-f1a3-4589-b206-2e75e784b3ed','{"prefect.flow.id": "3958b08c-3eaa-4c46-aa56-a9541c48f5f7"}',NULL);
INSERT INTO "deployment" VALUES('100fa315-149f-473c-b1eb-0eb805d76c38','2026-11-30 22:15:05.281475','2026-11-30 22:15:05.297000','acknowledge-alert','["phase:continuous", "job:alerts"]','{}','ee946fc6-0f5f-446c-8df9-954f792b3c7c','Says that **somebody looks after an alert**: it is escalated no further, and eve',NULL,'{}',NULL,'f20493ba97b6f0740c8f019fc7644841','{}',NULL,'flows.alerts.acknowledge_alert',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','36581b18-0f2e-4d88-955e-a3c253949906','{"prefect.flow.id": "ee946fc6-0f5f-446c-8df9-954f792b3c7c"}',NULL);
INSERT INTO "deployment" VALUES('e9c4135e-08ec-4058-8633-e9f2e5197f79','2026-11-30 22:15:05.507085','2026-11-30 22:15:05.553000','stream-events-every-5-minutes','["phase:continuous", "job:streams"]','{}','1a34f161-07de-4dc0-8687-0f518e8a2593','Brings **alerts, findings and ledger entries as OCSF** to the receivers under `s',NULL,'{}',NULL,'ae9d0311cb3ca0710766efa454e7ab86','{}',NULL,'flows.streams.stream_events',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "CANCEL_NEW", "grace_period_seconds": 120}','360e165d-d9d1-4fe3-8a86-3f705c0ed0ed','{"prefect.flow.id": "1a34f161-07de-4dc0-8687-0f518e8a2593"}',NULL);
INSERT INTO "deployment" VALUES('7a768ac5-4186-4cf9-9ffd-ac1fe6ab266b','2026-11-30 22:15:05.830559','2026-11-30 22:15:05.874000','web-firewall','["phase:quick-wins", "job:network"]','{}','daadb47e-6812-4d83-a3d2-4684ec7a28a5','Makes a plan by which the **web ACLs in AWS** before the company''s gateways do w',NULL,'{}',NULL,'203e8ac87027d08b8297246661e3d85e','{}',NULL,'flows.web_firewall.web_firewall',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','a3c13a50-c1e8-44a6-81d2-1c1e678a0ba8','{"prefect.flow.id": "daadb47e-6812-4d83-a3d2-4684ec7a28a5"}',NULL);
INSERT INTO "deployment" VALUES('c434f153-261d-4a6d-8531-ad13099793a6','2026-11-30 22:15:06.141701','2026-11-30 22:15:06.170000','segmentation','["phase:quick-wins", "job:network"]','{}','fca77454-ed8b-415a-b883-800ff4f6c340','Makes a plan that closes **what joins production and non-production**: remote si',NULL,'{}',NULL,'bf8fc5e77e15077b46daf1354e5b5635','{}',NULL,'flows.segmentation.segmentation',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','f870ecd4-5767-46d9-8c9b-e1c2eba0021e','{"prefect.flow.id": "fca77454-ed8b-415a-b883-800ff4f6c340"}',NULL);
INSERT INTO "deployment" VALUES('73443781-b473-4597-9b40-ae0949ed64c6','2026-11-30 22:15:06.407924','2026-11-30 22:15:06.453000','exposed-secrets','["phase:quick-wins", "job:credentials"]','{}','fbfb4b28-e8ec-48a5-9e2d-8d2215ef5f9f','Finds **secrets outside of the secrets manager** and makes a plan to move them: ',NULL,'{}',NULL,'ace8e2fccfa4200ca7f4496ce0a40621','{}',NULL,'flows.credentials.exposed_secrets',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','46a2de39-5695-4a03-a499-29f16e8b9608','{"prefect.flow.id": "fbfb4b28-e8ec-48a5-9e2d-8d2215ef5f9f"}',NULL);
INSERT INTO "deployment" VALUES('7651c36e-b187-4803-b863-fcd3e17e193f','2026-11-30 22:15:06.630574','2026-11-30 22:15:06.711000','credential-calendar-weekly','["phase:continuous", "job:credentials"]','{}','0774dcf2-3ee2-47a0-b1e8-8dc22f46634a','The **credential calendar** of all orgs: what expires when, who uses it, and wha',NULL,'{}',NULL,'ace8e2fccfa4200ca7f4496ce0a40621','{}',NULL,'flows.credentials.credential_calendar',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','235fcb49-6ab1-413a-b5c3-c5a7d0e62a1c','{"prefect.flow.id": "0774dcf2-3ee2-47a0-b1e8-8dc22f46634a"}',NULL);
INSERT INTO "deployment" VALUES('34dbb349-1d3c-4420-8239-2bac89a67849','2026-11-30 22:15:06.894026','2026-11-30 22:15:06.907000','allow-listing','["phase:quick-wins", "job:allow-listing"]','{}','a0380cab-4c62-4c90-b654-384b66dc58e2','Makes a plan by which **integrations and administrators come from the policy''s n',NULL,'{}',NULL,'037a22360d7a3ed9ba7a74238653d2c8','{}',NULL,'flows.allow_listing.allow_listing',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','f5bfc24c-9e19-4e07-9aa4-05fc842a73af','{"prefect.flow.id": "a0380cab-4c62-4c90-b654-384b66dc58e2"}',NULL);
INSERT INTO "deployment" VALUES('24fd9a79-46c8-4ab5-87fe-24afa264afb1','2026-11-30 22:15:07.050689','2026-11-30 22:15:07.063000','advanced','["phase:advanced", "job:all"]','{}','6f9848dd-ea75-4fad-a6ad-24404dfb3bf5','Makes **the plans of the advanced controls, one after another**. It changes no o',NULL,'{}',NULL,'4e72900126320fe1a0b2969655bfb906','{}',NULL,'flows.advanced.advanced',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','ac89874b-d0b3-4f6a-a4ca-6f6aff12dce7','{"prefect.flow.id": "6f9848dd-ea75-4fad-a6ad-24404dfb3bf5"}',NULL);
INSERT INTO "deployment" VALUES('722d32ad-791c-4b61-9007-c03a9af81afe','2026-11-30 22:15:07.263836','2026-11-30 22:15:07.297000','mutual-tls','["phase:advanced", "job:mutual-tls"]','{}','79082eee-f76e-4704-b9ac-f9e56628b928','Makes a plan with **the next step of each route towards its own client certifica',NULL,'{}',NULL,'c30f81b3f299266c7c6747541db9a45b','{}',NULL,'flows.mutual_tls.mutual_tls',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','b121ec7c-7454-4917-b280-14bdb82cf54f','{"prefect.flow.id": "79082eee-f76e-4704-b9ac-f9e56628b928"}',NULL);
INSERT INTO "deployment" VALUES('85680f03-098c-421e-8025-a9e51b737400','2026-11-30 22:15:07.468589','2026-11-30 22:15:07.500000','check-certificates-daily','["phase:continuous", "job:mutual-tls"]','{}','a4d9629a-e8a2-4c79-b970-c3419af7e384','Looks at **every client certificate**: listed in orgs, held by orgs, and in secr',NULL,'{}',NULL,'71e38c146fb45aba0bf2e6e7dc88ec17','{}',NULL,'flows.certificates.check_certificates',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "CANCEL_NEW", "grace_period_seconds": 120}','df459b29-1c8b-48c3-b832-54a83fb0db26','{"prefect.flow.id": "a4d9629a-e8a2-4c79-b970-c3419af7e384"}',NULL);
INSERT INTO "deployment" VALUES('98b50d1c-1834-4645-9028-20cdb68962fa','2026-11-30 22:15:07.779756','2026-11-30 22:15:07.801000','prove-mutual-tls','["phase:advanced", "job:mutual-tls"]','{}','2d65c8ec-6778-4e2b-b43b-e2f212ca40b2','**Tries every way in** as the user of each route, with real handshakes on ports ',NULL,'{}',NULL,'67375785e0bcf2222da1482bbb90a8b9','{}',NULL,'flows.handshakes.prove_mutual_tls',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','ad1d4bb2-1371-46fb-9037-f81b4d8f6c46','{"prefect.flow.id": "2d65c8ec-6778-4e2b-b43b-e2f212ca40b2"}',NULL);
INSERT INTO "deployment" VALUES('223ef427-0c68-476f-a630-8a50c2403a7c','2026-11-30 22:15:08.121254','2026-11-30 22:15:08.172000','rotate-credentials-hourly','["phase:continuous", "job:rotation"]','{}','2250338a-bf15-41eb-96df-fd472a805f4b','Goes on with **every registered credential**: makes the next one when it is old ',NULL,'{}',NULL,'04948ed83aad5d7e3f73e9366d0d3bee','{}',NULL,'flows.rotation.rotate_credentials',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','c1f02a96-2ad0-493a-8681-f45812d65c4c','{"prefect.flow.id": "2250338a-bf15-41eb-96df-fd472a805f4b"}',NULL);
INSERT INTO "deployment" VALUES('ac0b27bc-4dec-47fc-adfd-48edd9df3922','2026-11-30 22:15:08.490090','2026-11-30 22:15:08.502000','credential-rotation','["phase:quick-wins", "job:rotation"]','{}','f104f14a-ebdf-4cdb-a6e6-8b8fa2a61757','Makes a plan that rotates credentials **now**. It changes nothing.

* Next: **ap',NULL,'{}',NULL,'04948ed83aad5d7e3f73e9366d0d3bee','{}',NULL,'flows.rotation.credential_rotation',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','f95fce01-6c8f-4081-a964-726f0c0f185c','{"prefect.flow.id": "f104f14a-ebdf-4cdb-a6e6-8b8fa2a61757"}',NULL);
INSERT INTO "deployment" VALUES('6174e109-1018-44f0-a163-7c6a00a8a0b4','2026-11-30 22:15:08.680746','2026-11-30 22:15:08.697000','sync-route','["phase:advanced", "job:sync"]','{}','bba3e499-1c16-44ad-b8f2-0d5a86715bb8','Carries the **changed records of one route** from its source org to its target o',NULL,'{}',NULL,'622f7b462c4cbed564013444266ea847','{}',NULL,'flows.sync.sync_route',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',8,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','99e0145a-cd8a-48f9-a361-cdf1c9201d59','{"prefect.flow.id": "bba3e499-1c16-44ad-b8f2-0d5a86715bb8"}',NULL);
INSERT INTO "deployment" VALUES('0ae628ab-e546-44d4-874c-0e7cd2372429','2026-11-30 22:15:08.852525','2026-11-30 22:15:08.868000','rotate-data-keys','["phase:advanced", "job:sync"]','{}','535b769f-fce4-4de7-b13f-11cf2656d1ef','Gives a route **a new data key** and seals all of its values in the target org a',NULL,'{}',NULL,'380aacb96e1ff5693df0ca4d35b60798','{}',NULL,'flows.data_keys.rotate_data_keys',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','174f17c4-7884-4e2d-a878-311e44e60aaa','{"prefect.flow.id": "535b769f-fce4-4de7-b13f-11cf2656d1ef"}',NULL);
INSERT INTO "deployment" VALUES('0e675850-053c-429c-a01e-4bbbc7a18cab','2026-11-30 22:15:09.010775','2026-11-30 22:15:09.024000','retire-data-keys','["phase:advanced", "job:sync"]','{}','4debbd50-e3bf-4422-bddb-f051036fdb90','Makes a plan that **destroys old data keys of a route** which no value in the ta',NULL,'{}',NULL,'380aacb96e1ff5693df0ca4d35b60798','{}',NULL,'flows.data_keys.retire_data_keys',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','aa04ea03-3041-4d2e-a065-bf0309ce59c8','{"prefect.flow.id": "4debbd50-e3bf-4422-bddb-f051036fdb90"}',NULL);
INSERT INTO "deployment" VALUES('03d477e0-d82a-456c-b37f-40585d3c5957','2026-11-30 22:15:09.165675','2026-11-30 22:15:09.330000','telemetry-every-5-minutes','["phase:continuous", "job:telemetry"]','{"tiers": "live"}','04cf4d04-2006-4f6d-ba7a-79a72fe5ddd5','Collects **what happened in the orgs**, so that detection has something to judge',NULL,'{"title": "Parameters", "type": "object", "properties": {"orgs": {"default": [], "description": "Aliases of the orgs, as in estate.yaml. **Leave empty for all.**", "items": {"type": "string"}, "position": 0, "title": "orgs", "type": "array"}, "tiers": {"default": "live", "description": "What to read: `live` objects, or event log `files`.", "enum": ["live", "files"], "position": 1, "title": "tiers", "type": "string"}, "replay": {"default": false, "description": "Tries files again that were set aside.", "position": 2, "title": "replay", "type": "boolean"}}}',NULL,'acae43327d1b14330cd670bd5d766eed','{}',NULL,'flows.telemetry.collect_telemetry',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "CANCEL_NEW", "grace_period_seconds": 120}','61d38cd1-3b0f-4b79-91ec-f46162827904','{"prefect.flow.id": "04cf4d04-2006-4f6d-ba7a-79a72fe5ddd5"}',NULL);
INSERT INTO "deployment" VALUES('749d8abe-b57b-4eb7-a337-1b843c474116','2026-11-30 22:15:09.618892','2026-11-30 22:15:09.650000','telemetry-files-hourly','["phase:continuous", "job:telemetry"]','{"tiers": "files"}','04cf4d04-2006-4f6d-ba7a-79a72fe5ddd5','Collects **what happened in the orgs**, so that detection has something to judge',NULL,'{}',NULL,'acae43327d1b14330cd670bd5d766eed','{}',NULL,'flows.telemetry.collect_telemetry',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','15a866a7-7ab5-469f-b44a-a0d7b55f43f2','{"prefect.flow.id": "04cf4d04-2006-4f6d-ba7a-79a72fe5ddd5"}',NULL);
INSERT INTO "deployment" VALUES('096543e7-312e-4610-90e2-a74c27129540','2026-11-30 22:15:11.951672','2026-11-30 22:15:11.985000','back-up-orgs-daily','["phase:continuous", "job:backups"]','{}','437e2855-04c3-4abd-8b64-0a234d92e3ea','Backs up orgs: **records by Bulk API 2.0, what is in files, components by retrie',NULL,'{}',NULL,'9488ad914514e7fb8cda7211e629a06a','{}',NULL,'flows.backups.back_up_orgs',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','3dc2ec19-e7ce-4a69-86d2-2c68842903cc','{"prefect.flow.id": "437e2855-04c3-4abd-8b64-0a234d92e3ea"}',NULL);
INSERT INTO "deployment" VALUES('6819439f-4cca-4d03-9fad-3cf54d918bc6','2026-11-30 22:15:12.150266','2026-11-30 22:15:12.204000','verify-backups-weekly','["phase:continuous", "job:backups"]','{}','b3278bfe-eade-4baa-9e87-2513bd3ea8e8','Checks backups **where they lie**: signatures, the chain that each org''s ledger ',NULL,'{}',NULL,'9488ad914514e7fb8cda7211e629a06a','{}',NULL,'flows.backups.verify_backups',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','6c9b740a-bf12-46c2-8b6d-8c5d71d568dd','{"prefect.flow.id": "b3278bfe-eade-4baa-9e87-2513bd3ea8e8"}',NULL);
INSERT INTO "deployment" VALUES('b0a7ed79-3f88-4cf1-b126-f97f078d65d2','2026-11-30 22:15:12.336684','2026-11-30 22:15:12.354000','restore-drill','["phase:advanced", "job:backups"]','{}','4c8002a1-b6ba-4614-b5ef-5e7aadbf5610','Makes a plan that restores an org''s backup **into a sandbox**, compares it row b',NULL,'{}',NULL,'778522bfdd7f4a4167c3b7c0d5656219','{}',NULL,'flows.drills.restore_drill',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','ad083cbe-e73b-492c-8767-9b67f972490b','{"prefect.flow.id": "4c8002a1-b6ba-4614-b5ef-5e7aadbf5610"}',NULL);
INSERT INTO "deployment" VALUES('f446d64e-ebe2-4231-8d69-8f06a5c0e7e0','2026-11-30 22:15:12.486550','2026-11-30 22:15:12.525000','key-loss-drill-monthly','["phase:continuous", "job:backups"]','{}','e027f767-b8d2-45d0-bab5-91b73fc6d742','Shows for every KMS key **what of the backups nobody could read without it**, an',NULL,'{}',NULL,'778522bfdd7f4a4167c3b7c0d5656219','{}',NULL,'flows.drills.key_loss_drill',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','197dd565-b7f2-434a-912f-c692b48e5482','{"prefect.flow.id": "e027f767-b8d2-45d0-bab5-91b73fc6d742"}',NULL);
INSERT INTO "deployment" VALUES('9bcffac1-d172-4eae-8682-fcfb1fbcfb6f','2026-11-30 22:15:12.654209','2026-11-30 22:15:12.667000','mask-sandbox','["phase:advanced", "job:masking"]','{}','a822d34f-13f8-4dd0-8f78-ac79fd6ad436','Makes a plan that puts **made-up people in the place of real ones** in a sandbox',NULL,'{}',NULL,'e9d06b7c80a3517d1cd8d8270b45fde7','{}',NULL,'flows.masking.mask_sandbox',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','44487756-8fc2-4b76-9963-0da9b06f2fd7','{"prefect.flow.id": "a822d34f-13f8-4dd0-8f78-ac79fd6ad436"}',NULL);
INSERT INTO "deployment" VALUES('bd60479e-a6fc-4591-9254-c34a715ad2d0','2026-11-30 22:15:12.796401','2026-11-30 22:15:12.811000','scan-sandbox','["phase:advanced", "job:masking"]','{}','4d763239-6383-4c87-87b9-f43ce806babc','Looks at **every text of every record of a sandbox** for data of real people. It',NULL,'{}',NULL,'e9d06b7c80a3517d1cd8d8270b45fde7','{}',NULL,'flows.masking.scan_sandbox',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','0ed9ef0d-f40f-4508-a423-05cfe367f29c','{"prefect.flow.id": "4d763239-6383-4c87-87b9-f43ce806babc"}',NULL);
INSERT INTO "deployment" VALUES('08e3fcfc-0c13-4efb-8dee-9e47f3e5ab95','2026-11-30 22:15:12.942158','2026-11-30 22:15:12.961000','plan-encryption','["phase:advanced", "job:encryption"]','{}','8158ca7d-ca0a-4e71-b14c-7b7bbef1312f','Makes a plan that **encrypts sensitive fields** under Shield Platform Encryption',NULL,'{}',NULL,'c47b5a6a1097e48810e669b6a9dac1a0','{}',NULL,'flows.encryption.plan_encryption',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','ec1b715b-0c93-4150-9029-4e207ed0d8d2','{"prefect.flow.id": "8158ca7d-ca0a-4e71-b14c-7b7bbef1312f"}',NULL);
INSERT INTO "deployment" VALUES('ebda33a8-b051-4107-8943-4b2a1b6321e1','2026-11-30 22:15:13.120608','2026-11-30 22:15:13.137000','verify-encryption','["phase:advanced", "job:encryption"]','{}','9047de62-2510-4c67-97be-0a6ddcdc5fa0','Asks an org **what it refuses on its encrypted fields**, and names the callers t',NULL,'{}',NULL,'c47b5a6a1097e48810e669b6a9dac1a0','{}',NULL,'flows.encryption.verify_encryption',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','a01e58ab-afd9-4fca-8261-5fda18d376c9','{"prefect.flow.id": "9047de62-2510-4c67-97be-0a6ddcdc5fa0"}',NULL);
INSERT INTO "deployment" VALUES('f1cd64d2-c325-4dac-9a21-41185144bfd2','2026-11-30 22:15:13.306018','2026-11-30 22:15:13.326000','rotate-tenant-secrets','["phase:advanced", "job:encryption"]','{}','2685c1bd-a52c-4823-a27a-746a0dcde57a','Makes a plan that gives **old tenant secrets** way to new ones. It changes no or',NULL,'{}',NULL,'c47b5a6a1097e48810e669b6a9dac1a0','{}',NULL,'flows.encryption.rotate_tenant_secrets',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','74d8e3b9-4f10-4628-baa7-42363faded97','{"prefect.flow.id": "2685c1bd-a52c-4823-a27a-746a0dcde57a"}',NULL);
INSERT INTO "deployment" VALUES('277f5029-8eaa-4754-bfb2-a5f32adee95e','2026-11-30 22:15:13.471846','2026-11-30 22:15:13.485000','export-tenant-secret','["phase:advanced", "job:encryption"]','{}','513d2f35-02ad-4060-bae9-d801c19151ca','Writes **one tenant secret, encrypted as the org gives it**, to a file on this m',NULL,'{}',NULL,'c47b5a6a1097e48810e669b6a9dac1a0','{}',NULL,'flows.encryption.export_tenant_secret',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','87c2c65f-a89b-4a6c-8990-9c46b5b04977','{"prefect.flow.id": "513d2f35-02ad-4060-bae9-d801c19151ca"}',NULL);
INSERT INTO "deployment" VALUES('ddf1d748-14ac-4ebf-94a2-24bdcfc35df1','2026-11-30 22:15:13.668799','2026-11-30 22:15:13.686000','destroy-tenant-secret','["phase:advanced", "job:encryption"]','{}','75daf672-e52f-4025-be35-b1069c5a70bf','Makes a plan that **destroys one archived tenant secret**. What is still encrypt',NULL,'{}',NULL,'c47b5a6a1097e48810e669b6a9dac1a0','{}',NULL,'flows.encryption.destroy_tenant_secret',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','6e6693ea-dc36-43ba-9078-c332ba0d23be','{"prefect.flow.id": "75daf672-e52f-4025-be35-b1069c5a70bf"}',NULL);
INSERT INTO "deployment" VALUES('bf0af1ce-307b-48da-bae3-c7f2ca668d56','2026-11-30 22:15:13.834595','2026-11-30 22:15:13.848000','prepare-own-key','["phase:advanced", "job:encryption"]','{}','dd4bfab6-9f0f-4e80-9b51-8487b3b8c6a7','Makes **key material of your own** and wraps it for one org, ready for upload. I',NULL,'{}',NULL,'c47b5a6a1097e48810e669b6a9dac1a0','{}',NULL,'flows.encryption.prepare_own_key',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','ebba215e-3030-4e09-a236-233a85af90c0','{"prefect.flow.id": "dd4bfab6-9f0f-4e80-9b51-8487b3b8c6a7"}',NULL);
INSERT INTO "deployment" VALUES('b2eb64ce-3a83-4f88-948f-215d68dcfc04','2026-11-30 22:15:14.005320','2026-11-30 22:15:14.020000','prepare-sandbox','["phase:advanced", "job:masking"]','{}','5502dcee-3035-4b1a-9b58-4660b0ad3247','Drafts what a copy of production needs **before anything is carried into it**. I',NULL,'{}',NULL,'76a4d3a8dbd6699e5ef867ede665c317','{}',NULL,'flows.sandboxes.prepare_sandbox',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','b7d59ad9-167c-449f-ab06-eeb54e9a0632','{"prefect.flow.id": "5502dcee-3035-4b1a-9b58-4660b0ad3247"}',NULL);
INSERT INTO "deployment" VALUES('cd5b8ec6-0553-417b-8ff1-4dfff8b5d559','2026-11-30 22:15:14.183672','2026-11-30 22:15:14.197000','copied-credentials','["phase:advanced", "job:masking"]','{}','96022bd0-1b2e-4f0a-9a84-762b06bae0e0','Makes a plan that ends **what a copy of production can sign in with**. It change',NULL,'{}',NULL,'76a4d3a8dbd6699e5ef867ede665c317','{}',NULL,'flows.sandboxes.copied_credentials',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','a2b8ffa8-55c8-4c21-8625-06c6f7949f32','{"prefect.flow.id": "96022bd0-1b2e-4f0a-9a84-762b06bae0e0"}',NULL);
INSERT INTO "deployment" VALUES('355a0272-1afc-4488-b768-7f6a20016348','2026-11-30 22:15:14.352831','2026-11-30 22:15:14.397000','watch-sandboxes-daily','["phase:continuous", "job:masking"]','{}','722bbb5c-0ed1-4ae4-ab25-5b65db792c47','Looks every day **whether a sandbox was made or refreshed**: a copy of productio',NULL,'{}',NULL,'76a4d3a8dbd6699e5ef867ede665c317','{}',NULL,'flows.sandboxes.watch_sandboxes',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "CANCEL_NEW", "grace_period_seconds": 120}','9f9ffd5a-e921-4fa2-b5b4-0f8f3c7656e1','{"prefect.flow.id": "722bbb5c-0ed1-4ae4-ab25-5b65db792c47"}',NULL);
INSERT INTO "deployment" VALUES('fd1fbde5-bf62-43e6-b9d6-0a09ab17c153','2026-11-30 22:15:14.539128','2026-11-30 22:15:14.555000','contain','["phase:continuous", "job:response"]','{}','e3e000be-4944-493a-b9d8-abc462fa030d','Contains **one actor**: ends its sessions and tokens, freezes the user, takes it',NULL,'{}',NULL,'a1c85719ac24fad9cf8bc14e4b99fa95','{}',NULL,'flows.response.contain',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',8,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','fac1c405-d08e-4f69-8412-9b9d969058d6','{"prefect.flow.id": "e3e000be-4944-493a-b9d8-abc462fa030d"}',NULL);
INSERT INTO "deployment" VALUES('79c9ccf7-4fa9-4b5d-92d4-01c1a273909f','2026-11-30 22:15:14.688388','2026-11-30 22:15:14.710000','approve-containment','["phase:continuous", "job:response"]','{}','2811b4f2-c545-41de-a16c-b67d1c10c6b1','Notes **your yes to the steps of a containment that wait**, and takes them once ',NULL,'{}',NULL,'a1c85719ac24fad9cf8bc14e4b99fa95','{}',NULL,'flows.response.approve_containment',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','465c6d78-ef95-436b-a12b-75681a715461','{"prefect.flow.id": "2811b4f2-c545-41de-a16c-b67d1c10c6b1"}',NULL);
INSERT INTO "deployment" VALUES('8af87026-2c75-4335-a8d6-9fb63bc577de','2026-11-30 22:15:14.853342','2026-11-30 22:15:14.867000','re-enable','["phase:continuous", "job:response"]','{}','a7688ab5-3d7b-4d8d-94fe-3fff5d4d3b58','Gives back **exactly what a containment took**, from the state that the ledger h',NULL,'{}',NULL,'a1c85719ac24fad9cf8bc14e4b99fa95','{}',NULL,'flows.response.re_enable',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','f5f0fb01-1038-4216-9e1e-540c42d21843','{"prefect.flow.id": "a7688ab5-3d7b-4d8d-94fe-3fff5d4d3b58"}',NULL);
INSERT INTO "deployment" VALUES('6ce7a43d-3fb4-4f5a-88a4-0be394351b98','2026-11-30 22:15:14.984791','2026-11-30 22:15:14.999000','transaction-policies','["phase:advanced", "job:response"]','{}','d72771fe-ad16-498f-a61a-ff480cde9dd8','Makes a plan of **transaction security policies**: an org with Event Monitoring ',NULL,'{}',NULL,'7f927e15a88355fad7e4092147780190','{}',NULL,'flows.prevention.transaction_policies',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','0c6b417f-0985-488d-8ef9-0f7ffe6eb7e0','{"prefect.flow.id": "d72771fe-ad16-498f-a61a-ff480cde9dd8"}',NULL);
INSERT INTO "deployment" VALUES('d4735d75-13dd-4e0d-96f9-769ebcb0831c','2026-11-30 22:15:15.228305','2026-11-30 22:15:15.261000','incident','["phase:continuous", "job:response"]','{}','b8f15861-2a4d-4b03-a3c2-217a08cb53a4','Plays **the incident playbook**: contain, collect, notify, eradicate, recover, r',NULL,'{}',NULL,'7851ab091d055635618fdc63d5c5327a','{}',NULL,'flows.incident.incident',NULL,NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','[]',1,NULL,0,'NOT_READY',8,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','df79c8bf-38d7-47f7-b213-1aa4c226c568','{"prefect.flow.id": "b8f15861-2a4d-4b03-a3c2-217a08cb53a4"}',NULL);
CREATE TABLE "deployment_schedule" (
	id CHAR(36) DEFAULT ((
        lower(hex(randomblob(4)))
        || '-'
        || lower(hex(randomblob(2)))
        || '-4'
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || substr('89ab',abs(random()) % 4 + 1, 1)
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || lower(hex(randomblob(6)))
    )) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	schedule JSON NOT NULL, 
	active BOOLEAN NOT NULL, 
	deployment_id CHAR(36) NOT NULL, 
	max_scheduled_runs INTEGER, parameters JSON DEFAULT '{}' NOT NULL, slug VARCHAR, 
	CONSTRAINT pk_deployment_schedule PRIMARY KEY (id), 
	CONSTRAINT fk_deployment_schedule__deployment_id__deployment FOREIGN KEY(deployment_id) REFERENCES deployment (id) ON DELETE CASCADE
);
INSERT INTO "deployment_schedule" VALUES('8137a4e2-3842-44ec-8df0-4e9a038c0201','2026-11-30 22:14:58.331176','2026-11-30 22:14:58.331186','{"cron": "0 3 * * 1", "timezone": "UTC", "day_or": true}',1,'663fcec3-734f-4cf5-bc9d-c5511e469f06',NULL,'{}','weekly');
INSERT INTO "deployment_schedule" VALUES('ffe36cff-50ac-463e-bc73-73b1fee8d5f4','2026-11-30 22:15:02.765977','2026-11-30 22:15:02.765988','{"cron": "20 * * * *", "timezone": "UTC", "day_or": true}',1,'72055fcd-07f4-4c85-9bd4-ca79c5050b73',NULL,'{}','hourly');
INSERT INTO "deployment_schedule" VALUES('50e11d20-e76e-4b53-8b6e-c854ff8fb445','2026-11-30 22:15:03.941802','2026-11-30 22:15:03.941810','{"cron": "* * * * *", "timezone": "UTC", "day_or": true}',1,'2a136393-4eb9-4995-90af-342993909ad0',NULL,'{}','every-minute');
INSERT INTO "deployment_schedule" VALUES('0b5e7252-23a5-4abd-9bd3-3e6483278909','2026-11-30 22:15:04.276701','2026-11-30 22:15:04.276710','{"cron": "40 9 * * *", "timezone": "UTC", "day_or": true}',1,'128f294a-eb4d-441c-97df-9be743eee97c',NULL,'{}','daily');
INSERT INTO "deployment_schedule" VALUES('890902d4-963c-4e92-a956-3832523ce9c8','2026-11-30 22:15:04.557900','2026-11-30 22:15:04.557910','{"cron": "*/10 * * * *", "timezone": "UTC", "day_or": true}',1,'5f543485-daaf-4c50-8d86-581d6ded40d9',NULL,'{}','every-10-minutes');
INSERT INTO "deployment_schedule" VALUES('72800c71-d4fd-40e9-ad5c-838b344a27f6','2026-11-30 22:15:04.797926','2026-11-30 22:15:04.797935','{"cron": "2-59/5 * * * *", "timezone": "UTC", "day_or": true}',1,'bbe2e192-5ecc-4f05-ad0a-aaab48a09293',NULL,'{}','every-5-minutes');
INSERT INTO "deployment_schedule" VALUES('aa0b79f9-806f-4e9c-8925-aad1737d4333','2026-11-30 22:15:05.527812','2026-11-30 22:15:05.527820','{"cron": "4-59/5 * * * *", "timezone": "UTC", "day_or": true}',1,'e9c4135e-08ec-4058-8633-e9f2e5197f79',NULL,'{}','every-5-minutes');
INSERT INTO "deployment_schedule" VALUES('d5ee5b7b-7a41-4abc-a63a-4fae74de2f04','2026-11-30 22:15:06.645468','2026-11-30 22:15:06.645477','{"cron": "30 6 * * 1", "timezone": "UTC", "day_or": true}',1,'7651c36e-b187-4803-b863-fcd3e17e193f',NULL,'{}','weekly');
INSERT INTO "deployment_schedule" VALUES('8fe089d4-fbce-4b58-964a-bfc1dc29a12c','2026-11-30 22:15:07.483189','2026-11-30 22:15:07.483198','{"cron": "30 4 * * *", "timezone": "UTC", "day_or": true}',1,'85680f03-098c-421e-8025-a9e51b737400',NULL,'{}','daily');
INSERT INTO "deployment_schedule" VALUES('69cd8634-8a90-448f-9037-30c3d5cb5913','2026-11-30 22:15:08.136149','2026-11-30 22:15:08.136160','{"cron": "35 * * * *", "timezone": "UTC", "day_or": true}',1,'223ef427-0c68-476f-a630-8a50c2403a7c',NULL,'{}','hourly');
INSERT INTO "deployment_schedule" VALUES('e7586537-8a2a-49f9-9019-3261504f509d','2026-11-30 22:15:09.232117','2026-11-30 22:15:09.232129','{"cron": "*/5 * * * *", "timezone": "UTC", "day_or": true}',1,'03d477e0-d82a-456c-b37f-40585d3c5957',NULL,'{}','five-minutes');
INSERT INTO "deployment_schedule" VALUES('6f163d3f-5cb0-44b4-b55d-e828774a5380','2026-11-30 22:15:09.632746','2026-11-30 22:15:09.632754','{"cron": "20 * * * *", "timezone": "UTC", "day_or": true}',1,'749d8abe-b57b-4eb7-a337-1b843c474116',NULL,'{}','hourly');
INSERT INTO "deployment_schedule" VALUES('e34b0b01-18b9-4113-b384-5b44d6bfc88f','2026-11-30 22:15:11.966495','2026-11-30 22:15:11.966504','{"cron": "15 2 * * *", "timezone": "UTC", "day_or": true}',1,'096543e7-312e-4610-90e2-a74c27129540',NULL,'{}','daily');
INSERT INTO "deployment_schedule" VALUES('91ced1dd-a59a-4ce2-bfc3-67111d951bc8','2026-11-30 22:15:12.182493','2026-11-30 22:15:12.182503','{"cron": "45 5 * * 0", "timezone": "UTC", "day_or": true}',1,'6819439f-4cca-4d03-9fad-3cf54d918bc6',NULL,'{}','weekly');
INSERT INTO "deployment_schedule" VALUES('3015d282-0501-408c-8c2e-6b77db01f89c','2026-11-30 22:15:12.504612','2026-11-30 22:15:12.504622','{"cron": "30 5 1 * *", "timezone": "UTC", "day_or": true}',1,'f446d64e-ebe2-4231-8d69-8f06a5c0e7e0',NULL,'{}','monthly');
INSERT INTO "deployment_schedule" VALUES('de29ddd3-56bf-46e4-ae00-7a42672ad23b','2026-11-30 22:15:14.378359','2026-11-30 22:15:14.378369','{"cron": "10 5 * * *", "timezone": "UTC", "day_or": true}',1,'355a0272-1afc-4488-b768-7f6a20016348',NULL,'{}','daily');
CREATE TABLE deployment_version (
	deployment_id CHAR(36) NOT NULL, 
	branch VARCHAR, 
	version_info JSON DEFAULT '{}' NOT NULL, 
	description TEXT, 
	tags JSON DEFAULT '[]' NOT NULL, 
	labels JSON, 
	entrypoint VARCHAR, 
	pull_steps JSON, 
	parameters JSON DEFAULT '{}' NOT NULL, 
	parameter_openapi_schema JSON, 
	enforce_parameter_schema BOOLEAN DEFAULT '0' NOT NULL, 
	work_queue_id CHAR(36), 
	work_queue_name VARCHAR, 
	infra_overrides JSON DEFAULT '{}' NOT NULL, 
	id CHAR(36) DEFAULT (GEN_RANDOM_UUID()) NOT NULL, 
	created DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL, 
	updated DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL, 
	CONSTRAINT pk_deployment_version PRIMARY KEY (id), 
	CONSTRAINT fk_deployment_version__deployment_id__deployment FOREIGN KEY(deployment_id) REFERENCES deployment (id) ON DELETE CASCADE, 
	CONSTRAINT fk_deployment_version__work_queue_id__work_queue FOREIGN KEY(work_queue_id) REFERENCES work_queue (id) ON DELETE SET NULL
);
CREATE TABLE event_resources (
	occurred DATETIME NOT NULL, 
	resource_id TEXT NOT NULL, 
	resource_role TEXT NOT NULL, 
	resource JSON NOT NULL, 
	event_id CHAR(36) NOT NULL, 
	id CHAR(36) DEFAULT (
    (
        lower(hex(randomblob(4)))
        || '-'
        || lower(hex(randomblob(2)))
        || '-4'
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || substr('89ab',abs(random()) % 4 + 1, 1)
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || lower(hex(randomblob(6)))
    )
    ) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	CONSTRAINT pk_event_resources PRIMARY KEY (id)
);
CREATE TABLE events (
	occurred DATETIME NOT NULL, 
	event TEXT NOT NULL, 
	resource_id TEXT NOT NULL, 
	resource JSON NOT NULL, 
	related_resource_ids JSON DEFAULT '[]' NOT NULL, 
	related JSON DEFAULT '[]' NOT NULL, 
	payload JSON NOT NULL, 
	received DATETIME NOT NULL, 
	recorded DATETIME NOT NULL, 
	follows CHAR(36), 
	id CHAR(36) DEFAULT (
    (
        lower(hex(randomblob(4)))
        || '-'
        || lower(hex(randomblob(2)))
        || '-4'
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || substr('89ab',abs(random()) % 4 + 1, 1)
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || lower(hex(randomblob(6)))
    )
    ) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	CONSTRAINT pk_events PRIMARY KEY (id)
);
CREATE TABLE flow (
	id CHAR(36) DEFAULT (
    (
        lower(hex(randomblob(4))) 
        || '-' 
        || lower(hex(randomblob(2))) 
        || '-4' 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || substr('89ab',abs(random()) % 4 + 1, 1) 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || lower(hex(randomblob(6)))
    )
    ) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	name VARCHAR NOT NULL, 
	tags JSON DEFAULT '[]' NOT NULL, labels JSON, 
	CONSTRAINT pk_flow PRIMARY KEY (id), 
	CONSTRAINT uq_flow__name UNIQUE (name)
);
INSERT INTO "flow" VALUES('58c752aa-a249-4c91-aa6a-2b5145d31513','2026-11-30 22:14:58.265516','2026-11-30 22:14:58.265527','assessment','[]','{}');
INSERT INTO "flow" VALUES('0c65824b-de4a-4753-af25-4e8c85a8ff11','2026-11-30 22:14:58.519415','2026-11-30 22:14:58.519424','quick-wins','[]','{}');
INSERT INTO "flow" VALUES('4d5e0880-d514-4eb5-abc4-3ae7ec0c8709','2026-11-30 22:14:58.721704','2026-11-30 22:14:58.721714','least-privilege','[]','{}');
INSERT INTO "flow" VALUES('961c79af-2d45-4243-984c-5da0f5766d97','2026-11-30 22:14:58.941750','2026-11-30 22:14:58.941760','second-factors','[]','{}');
INSERT INTO "flow" VALUES('ca9fe72f-8c8e-4b1d-8237-7cce774f9bbd','2026-11-30 22:14:59.278364','2026-11-30 22:14:59.278375','oauth-flows','[]','{}');
INSERT INTO "flow" VALUES('667a7d59-1a93-49cf-8cbe-9856fbaf9059','2026-11-30 22:14:59.676148','2026-11-30 22:14:59.676160','approve-plan','[]','{}');
INSERT INTO "flow" VALUES('045aa8ba-844f-4269-b82c-6540c521253d','2026-11-30 22:14:59.951562','2026-11-30 22:14:59.951572','apply-plan','[]','{}');
INSERT INTO "flow" VALUES('882648c3-69d1-41cb-913d-9260c77b8d1a','2026-11-30 22:15:02.437663','2026-11-30 22:15:02.437673','rollback-plan','[]','{}');
INSERT INTO "flow" VALUES('a2ee39c8-eb37-4e11-8e46-407c54c49fe6','2026-11-30 22:15:02.667355','2026-11-30 22:15:02.667363','keep-evidence','[]','{}');
INSERT INTO "flow" VALUES('6ae536d1-9266-4e30-8f05-d46b83ae27f2','2026-11-30 22:15:03.025641','2026-11-30 22:15:03.025651','request-access','[]','{}');
INSERT INTO "flow" VALUES('acf4963d-4343-4e1b-a7d3-bed270230e60','2026-11-30 22:15:03.333745','2026-11-30 22:15:03.333756','approve-access','[]','{}');
INSERT INTO "flow" VALUES('462683f8-1a9c-45f7-b3f5-b2ad3bb1fe3c','2026-11-30 22:15:03.613772','2026-11-30 22:15:03.613781','end-access','[]','{}');
INSERT INTO "flow" VALUES('844a3b67-76e7-403a-8fc9-123264c47695','2026-11-30 22:15:03.899726','2026-11-30 22:15:03.899735','sweep-access','[]','{}');
INSERT INTO "flow" VALUES('1299daf5-caf8-40bf-801f-1197cc0c42ef','2026-11-30 22:15:04.217530','2026-11-30 22:15:04.217540','review-access','[]','{}');
INSERT INTO "flow" VALUES('96e51a5c-4687-4689-8e36-f0d57d7d133a','2026-11-30 22:15:04.518466','2026-11-30 22:15:04.518477','watch-plans','[]','{}');
INSERT INTO "flow" VALUES('de32a75a-58f5-4c30-a2a2-689540f9b27b','2026-11-30 22:15:04.755860','2026-11-30 22:15:04.755870','heartbeat','[]','{}');
INSERT INTO "flow" VALUES('3958b08c-3eaa-4c46-aa56-a9541c48f5f7','2026-11-30 22:15:05.037896','2026-11-30 22:15:05.037904','list-alerts','[]','{}');
INSERT INTO "flow" VALUES('ee946fc6-0f5f-446c-8df9-954f792b3c7c','2026-11-30 22:15:05.258155','2026-11-30 22:15:05.258164','acknowledge-alert','[]','{}');
INSERT INTO "flow" VALUES('1a34f161-07de-4dc0-8687-0f518e8a2593','2026-11-30 22:15:05.479785','2026-11-30 22:15:05.479793','stream-events','[]','{}');
INSERT INTO "flow" VALUES('daadb47e-6812-4d83-a3d2-4684ec7a28a5','2026-11-30 22:15:05.811037','2026-11-30 22:15:05.811047','web-firewall','[]','{}');
INSERT INTO "flow" VALUES('fca77454-ed8b-415a-b883-800ff4f6c340','2026-11-30 22:15:06.125892','2026-11-30 22:15:06.125901','segmentation','[]','{}');
INSERT INTO "flow" VALUES('fbfb4b28-e8ec-48a5-9e2d-8d2215ef5f9f','2026-11-30 22:15:06.374840','2026-11-30 22:15:06.374849','exposed-secrets','[]','{}');
INSERT INTO "flow" VALUES('0774dcf2-3ee2-47a0-b1e8-8dc22f46634a','2026-11-30 22:15:06.606009','2026-11-30 22:15:06.606020','credential-calendar','[]','{}');
INSERT INTO "flow" VALUES('a0380cab-4c62-4c90-b654-384b66dc58e2','2026-11-30 22:15:06.880266','2026-11-30 22:15:06.880275','allow-listing','[]','{}');
INSERT INTO "flow" VALUES('6f9848dd-ea75-4fad-a6ad-24404dfb3bf5','2026-11-30 22:15:07.013872','2026-11-30 22:15:07.013883','advanced','[]','{}');
INSERT INTO "flow" VALUES('79082eee-f76e-4704-b9ac-f9e56628b928','2026-11-30 22:15:07.240373','2026-11-30 22:15:07.240382','mutual-tls','[]','{}');
INSERT INTO "flow" VALUES('a4d9629a-e8a2-4c79-b970-c3419af7e384','2026-11-30 22:15:07.443849','2026-11-30 22:15:07.443856','check-certificates','[]','{}');
INSERT INTO "flow" VALUES('2d65c8ec-6778-4e2b-b43b-e2f212ca40b2','2026-11-30 22:15:07.732164','2026-11-30 22:15:07.732172','prove-mutual-tls','[]','{}');
INSERT INTO "flow" VALUES('2250338a-bf15-41eb-96df-fd472a805f4b','2026-11-30 22:15:08.098811','2026-11-30 22:15:08.098821','rotate-credentials','[]','{}');
INSERT INTO "flow" VALUES('f104f14a-ebdf-4cdb-a6e6-8b8fa2a61757','2026-11-30 22:15:08.453014','2026-11-30 22:15:08.453025','credential-rotation','[]','{}');
INSERT INTO "flow" VALUES('bba3e499-1c16-44ad-b8f2-0d5a86715bb8','2026-11-30 22:15:08.659522','2026-11-30 22:15:08.659533','sync-route','[]','{}');
INSERT INTO "flow" VALUES('535b769f-fce4-4de7-b13f-11cf2656d1ef','2026-11-30 22:15:08.835310','2026-11-30 22:15:08.835318','rotate-data-keys','[]','{}');
INSERT INTO "flow" VALUES('4debbd50-e3bf-4422-bddb-f051036fdb90','2026-11-30 22:15:08.996013','2026-11-30 22:15:08.996023','retire-data-keys','[]','{}');
INSERT INTO "flow" VALUES('04cf4d04-2006-4f6d-ba7a-79a72fe5ddd5','2026-11-30 22:15:09.128047','2026-11-30 22:15:09.128057','collect-telemetry','[]','{}');
INSERT INTO "flow" VALUES('437e2855-04c3-4abd-8b64-0a234d92e3ea','2026-11-30 22:15:10.010998','2026-11-30 22:15:10.011006','back-up-orgs','[]','{}');
INSERT INTO "flow" VALUES('b3278bfe-eade-4baa-9e87-2513bd3ea8e8','2026-11-30 22:15:12.117445','2026-11-30 22:15:12.117457','verify-backups','[]','{}');
INSERT INTO "flow" VALUES('4c8002a1-b6ba-4614-b5ef-5e7aadbf5610','2026-11-30 22:15:12.318582','2026-11-30 22:15:12.318592','restore-drill','[]','{}');
INSERT INTO "flow" VALUES('e027f767-b8d2-45d0-bab5-91b73fc6d742','2026-11-30 22:15:12.460080','2026-11-30 22:15:12.460090','key-loss-drill','[]','{}');
INSERT INTO "flow" VALUES('a822d34f-13f8-4dd0-8f78-ac79fd6ad436','2026-11-30 22:15:12.639243','2026-11-30 22:15:12.639253','mask-sandbox','[]','{}');
INSERT INTO "flow" VALUES('4d763239-6383-4c87-87b9-f43ce806babc','2026-11-30 22:15:12.779929','2026-11-30 22:15:12.779939','scan-sandbox','[]','{}');
INSERT INTO "flow" VALUES('8158ca7d-ca0a-4e71-b14c-7b7bbef1312f','2026-11-30 22:15:12.921714','2026-11-30 22:15:12.921724','plan-encryption','[]','{}');
INSERT INTO "flow" VALUES('9047de62-2510-4c67-97be-0a6ddcdc5fa0','2026-11-30 22:15:13.102529','2026-11-30 22:15:13.102538','verify-encryption','[]','{}');
INSERT INTO "flow" VALUES('2685c1bd-a52c-4823-a27a-746a0dcde57a','2026-11-30 22:15:13.281510','2026-11-30 22:15:13.281521','rotate-tenant-secrets','[]','{}');
INSERT INTO "flow" VALUES('513d2f35-02ad-4060-bae9-d801c19151ca','2026-11-30 22:15:13.451682','2026-11-30 22:15:13.451692','export-tenant-secret','[]','{}');
INSERT INTO "flow" VALUES('75daf672-e52f-4025-be35-b1069c5a70bf','2026-11-30 22:15:13.641323','2026-11-30 22:15:13.641334','destroy-tenant-secret','[]','{}');
INSERT INTO "flow" VALUES('dd4bfab6-9f0f-4e80-9b51-8487b3b8c6a7','2026-11-30 22:15:13.814798','2026-11-30 22:15:13.814806','prepare-own-key','[]','{}');
INSERT INTO "flow" VALUES('5502dcee-3035-4b1a-9b58-4660b0ad3247','2026-11-30 22:15:13.989546','2026-11-30 22:15:13.989557','prepare-sandbox','[]','{}');
INSERT INTO "flow" VALUES('96022bd0-1b2e-4f0a-9a84-762b06bae0e0','2026-11-30 22:15:14.165411','2026-11-30 22:15:14.165422','copied-credentials','[]','{}');
INSERT INTO "flow" VALUES('722bbb5c-0ed1-4ae4-ab25-5b65db792c47','2026-11-30 22:15:14.317067','2026-11-30 22:15:14.317078','watch-sandboxes','[]','{}');
INSERT INTO "flow" VALUES('e3e000be-4944-493a-b9d8-abc462fa030d','2026-11-30 22:15:14.512200','2026-11-30 22:15:14.512209','contain','[]','{}');
INSERT INTO "flow" VALUES('2811b4f2-c545-41de-a16c-b67d1c10c6b1','2026-11-30 22:15:14.671846','2026-11-30 22:15:14.671856','approve-containment','[]','{}');
INSERT INTO "flow" VALUES('a7688ab5-3d7b-4d8d-94fe-3fff5d4d3b58','2026-11-30 22:15:14.837742','2026-11-30 22:15:14.837752','re-enable','[]','{}');
INSERT INTO "flow" VALUES('d72771fe-ad16-498f-a61a-ff480cde9dd8','2026-11-30 22:15:14.969053','2026-11-30 22:15:14.969063','transaction-policies','[]','{}');
INSERT INTO "flow" VALUES('b8f15861-2a4d-4b03-a3c2-217a08cb53a4','2026-11-30 22:15:15.192525','2026-11-30 22:15:15.192535','incident','[]','{}');
CREATE TABLE "flow_run" (
	id CHAR(36) DEFAULT ((
        lower(hex(randomblob(4))) 
        || '-' 
        || lower(hex(randomblob(2))) 
        || '-4' 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || substr('89ab',abs(random()) % 4 + 1, 1) 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || lower(hex(randomblob(6)))
    )) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	name VARCHAR NOT NULL, 
	state_type VARCHAR(9), 
	run_count INTEGER DEFAULT '0' NOT NULL, 
	expected_start_time DATETIME, 
	next_scheduled_start_time DATETIME, 
	start_time DATETIME, 
	end_time DATETIME, 
	total_run_time DATETIME DEFAULT '0' NOT NULL, 
	flow_version VARCHAR, 
	parameters JSON DEFAULT '{}' NOT NULL, 
	idempotency_key VARCHAR, 
	context JSON DEFAULT '{}' NOT NULL, 
	empirical_policy JSON DEFAULT '{}' NOT NULL, 
	tags JSON DEFAULT '[]' NOT NULL, 
	auto_scheduled BOOLEAN DEFAULT '0' NOT NULL, 
	flow_id CHAR(36) NOT NULL, 
	deployment_id CHAR(36), 
	parent_task_run_id CHAR(36), 
	state_id CHAR(36), 
	state_name VARCHAR, 
	infrastructure_document_id CHAR(36), 
	work_queue_name VARCHAR, 
	state_timestamp DATETIME, 
	created_by JSON, 
	infrastructure_pid VARCHAR, 
	work_queue_id CHAR(36), job_variables JSON DEFAULT '{}', deployment_version VARCHAR, labels JSON, 
	CONSTRAINT pk_flow_run PRIMARY KEY (id), 
	CONSTRAINT fk_flow_run__infrastructure_document_id__block_document FOREIGN KEY(infrastructure_document_id) REFERENCES block_document (id) ON DELETE CASCADE, 
	CONSTRAINT fk_flow_run__work_queue_id__work_queue FOREIGN KEY(work_queue_id) REFERENCES work_queue (id) ON DELETE SET NULL, 
	CONSTRAINT fk_flow_run__flow_id__flow FOREIGN KEY(flow_id) REFERENCES flow (id) ON DELETE CASCADE, 
	CONSTRAINT fk_flow_run__state_id__flow_run_state FOREIGN KEY(state_id) REFERENCES flow_run_state (id) ON DELETE SET NULL, 
	CONSTRAINT fk_flow_run__parent_task_run_id__task_run FOREIGN KEY(parent_task_run_id) REFERENCES task_run (id) ON DELETE SET NULL
);
INSERT INTO "flow_run" VALUES('c46b4bd4-fdca-46e5-afe2-c9ed28b8e4b4','2026-11-30 22:15:15.467874','2026-11-30 22:15:15.509000','over-assessment-weekly','COMPLETED',0,'2026-11-30 22:15:15.413772',NULL,'2026-11-30 22:15:15.500213','2026-11-30 22:15:15.500213','1970-01-01 00:00:00.000000',NULL,'{"orgs": ["emea", "hq"]}',NULL,'{}','{"max_retries": 0, "retry_delay_seconds": 0.0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false, "retry_type": null}','["phase:assessment", "job:assessment"]',0,'58c752aa-a249-4c91-aa6a-2b5145d31513','663fcec3-734f-4cf5-bc9d-c5511e469f06',NULL,'01a22e86-cb2c-7f70-8800-2ffd4181ac92','Completed',NULL,NULL,'2026-11-30 22:15:15.500213',NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','{}','a5733a20d4f48caf37531059c2736799','{"prefect.flow.id": "58c752aa-a249-4c91-aa6a-2b5145d31513", "prefect.deployment.id": "663fcec3-734f-4cf5-bc9d-c5511e469f06"}');
INSERT INTO "flow_run" VALUES('1a19add9-4a49-400b-a777-f70d803de224','2026-11-30 22:15:15.541776','2026-11-30 22:15:15.549000','ahead-assessment-weekly','SCHEDULED',0,'2100-01-01 12:00:00.000000','2100-01-01 12:00:00.000000',NULL,NULL,'1970-01-01 00:00:00.000000',NULL,'{"orgs": ["emea", "hq"]}',NULL,'{}','{"max_retries": 0, "retry_delay_seconds": 0.0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false, "retry_type": null}','["phase:assessment", "job:assessment"]',0,'58c752aa-a249-4c91-aa6a-2b5145d31513','663fcec3-734f-4cf5-bc9d-c5511e469f06',NULL,'01a22e86-cb55-7266-a11b-6e527e70e67c','Scheduled',NULL,NULL,'2026-11-30 22:15:15.541616',NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','{}','a5733a20d4f48caf37531059c2736799','{"prefect.flow.id": "58c752aa-a249-4c91-aa6a-2b5145d31513", "prefect.deployment.id": "663fcec3-734f-4cf5-bc9d-c5511e469f06"}');
INSERT INTO "flow_run" VALUES('55a2b11a-d11d-4618-aedf-95d809f056b4','2026-11-30 22:15:15.590122','2026-11-30 22:15:15.626000','over-request-access','COMPLETED',0,'2026-11-30 22:15:15.564664',NULL,'2026-11-30 22:15:15.619394','2026-11-30 22:15:15.619394','1970-01-01 00:00:00.000000',NULL,'{"org": "emea", "username": "sync@emea.example", "permission_set": "Sync_Account", "hours": 1, "reason": "a case of a customer''s", "requester": "ada@acme.example"}',NULL,'{}','{"max_retries": 0, "retry_delay_seconds": 0.0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false, "retry_type": null}','["phase:advanced", "job:access"]',0,'6ae536d1-9266-4e30-8f05-d46b83ae27f2','efd0243c-6a51-46ee-8ebb-881ed2e67717',NULL,'01a22e86-cba3-7429-b6f0-fd7da8a99a02','Completed',NULL,NULL,'2026-11-30 22:15:15.619394',NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','{}','53aff46a61d1dfb1226e4b213563b981','{"prefect.flow.id": "6ae536d1-9266-4e30-8f05-d46b83ae27f2", "prefect.deployment.id": "efd0243c-6a51-46ee-8ebb-881ed2e67717"}');
INSERT INTO "flow_run" VALUES('e48073c8-19c9-4dc3-b5f9-a66f12ea0b1c','2026-11-30 22:15:15.664059','2026-11-30 22:15:15.673000','ahead-request-access','SCHEDULED',0,'2100-01-01 12:00:00.000000','2100-01-01 12:00:00.000000',NULL,NULL,'1970-01-01 00:00:00.000000',NULL,'{"org": "emea", "username": "sync@emea.example", "permission_set": "Sync_Account", "hours": 1, "reason": "a case of a customer''s", "requester": "ada@acme.example"}',NULL,'{}','{"max_retries": 0, "retry_delay_seconds": 0.0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false, "retry_type": null}','["phase:advanced", "job:access"]',0,'6ae536d1-9266-4e30-8f05-d46b83ae27f2','efd0243c-6a51-46ee-8ebb-881ed2e67717',NULL,'01a22e86-cbcf-75a0-af05-32a92b58773c','Scheduled',NULL,NULL,'2026-11-30 22:15:15.663873',NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','{}','53aff46a61d1dfb1226e4b213563b981','{"prefect.flow.id": "6ae536d1-9266-4e30-8f05-d46b83ae27f2", "prefect.deployment.id": "efd0243c-6a51-46ee-8ebb-881ed2e67717"}');
INSERT INTO "flow_run" VALUES('7398cf52-70e6-4162-8ec7-e48241a34305','2026-11-30 22:15:15.741592','2026-11-30 22:15:15.765000','over-telemetry-every-5-minutes','COMPLETED',0,'2026-11-30 22:15:15.707770',NULL,'2026-11-30 22:15:15.758246','2026-11-30 22:15:15.758246','1970-01-01 00:00:00.000000',NULL,'{"tiers": "live", "orgs": ["emea"]}',NULL,'{}','{"max_retries": 0, "retry_delay_seconds": 0.0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false, "retry_type": null}','["phase:continuous", "job:telemetry"]',0,'04cf4d04-2006-4f6d-ba7a-79a72fe5ddd5','03d477e0-d82a-456c-b37f-40585d3c5957',NULL,'01a22e86-cc2e-7069-b95e-d2ce5018a872','Completed',NULL,NULL,'2026-11-30 22:15:15.758246',NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','{}','acae43327d1b14330cd670bd5d766eed','{"prefect.flow.id": "04cf4d04-2006-4f6d-ba7a-79a72fe5ddd5", "prefect.deployment.id": "03d477e0-d82a-456c-b37f-40585d3c5957"}');
INSERT INTO "flow_run" VALUES('469d1e01-e01c-4e6e-a1ab-38ee53093066','2026-11-30 22:15:15.799540','2026-11-30 22:15:15.806000','ahead-telemetry-every-5-minutes','SCHEDULED',0,'2100-01-01 12:00:00.000000','2100-01-01 12:00:00.000000',NULL,NULL,'1970-01-01 00:00:00.000000',NULL,'{"tiers": "live", "orgs": ["emea"]}',NULL,'{}','{"max_retries": 0, "retry_delay_seconds": 0.0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false, "retry_type": null}','["phase:continuous", "job:telemetry"]',0,'04cf4d04-2006-4f6d-ba7a-79a72fe5ddd5','03d477e0-d82a-456c-b37f-40585d3c5957',NULL,'01a22e86-cc57-703c-96d5-ee6fe17ef52b','Scheduled',NULL,NULL,'2026-11-30 22:15:15.799382',NULL,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','{}','acae43327d1b14330cd670bd5d766eed','{"prefect.flow.id": "04cf4d04-2006-4f6d-ba7a-79a72fe5ddd5", "prefect.deployment.id": "03d477e0-d82a-456c-b37f-40585d3c5957"}');
CREATE TABLE "flow_run_input" (
	id CHAR(36) DEFAULT ((
        lower(hex(randomblob(4)))
        || '-'
        || lower(hex(randomblob(2)))
        || '-4'
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || substr('89ab',abs(random()) % 4 + 1, 1)
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || lower(hex(randomblob(6)))
    )) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	"key" VARCHAR NOT NULL, 
	value TEXT NOT NULL, 
	flow_run_id CHAR(36) NOT NULL, sender VARCHAR, 
	CONSTRAINT pk_flow_run_input PRIMARY KEY (id), 
	CONSTRAINT uq_flow_run_input__flow_run_id_key UNIQUE (flow_run_id, "key"), 
	CONSTRAINT fk_flow_run_input__flow_run_id__flow_run FOREIGN KEY(flow_run_id) REFERENCES flow_run (id) ON DELETE cascade
);
CREATE TABLE "flow_run_state" (
	id CHAR(36) DEFAULT ((
        lower(hex(randomblob(4))) 
        || '-' 
        || lower(hex(randomblob(2))) 
        || '-4' 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || substr('89ab',abs(random()) % 4 + 1, 1) 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || lower(hex(randomblob(6)))
    )) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	type VARCHAR(9) NOT NULL, 
	timestamp DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	name VARCHAR NOT NULL, 
	message VARCHAR, 
	state_details JSON DEFAULT '{}' NOT NULL, 
	data JSON, 
	flow_run_id CHAR(36) NOT NULL, 
	result_artifact_id CHAR(36), 
	CONSTRAINT pk_flow_run_state PRIMARY KEY (id), 
	CONSTRAINT fk_flow_run_state__flow_run_id__flow_run FOREIGN KEY(flow_run_id) REFERENCES flow_run (id) ON DELETE CASCADE, 
	CONSTRAINT fk_flow_run_state__result_artifact_id__artifact FOREIGN KEY(result_artifact_id) REFERENCES artifact (id) ON DELETE SET NULL
);
INSERT INTO "flow_run_state" VALUES('01a22e86-cb0b-7f45-8c2b-68cff65e68da','2026-11-30 22:15:15.482312','2026-11-30 22:15:15.482321','SCHEDULED','2026-11-30 22:15:15.467673','Scheduled',NULL,'{"flow_run_id": "c46b4bd4-fdca-46e5-afe2-c9ed28b8e4b4", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": "2026-11-30T22:15:15.413772Z", "cache_key": null, "cache_expiration": null, "deferred": false, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": null, "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'c46b4bd4-fdca-46e5-afe2-c9ed28b8e4b4',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e86-cb2c-7f70-8800-2ffd4181ac92','2026-11-30 22:15:15.507545','2026-11-30 22:15:15.507554','COMPLETED','2026-11-30 22:15:15.500213','Completed',NULL,'{"flow_run_id": "c46b4bd4-fdca-46e5-afe2-c9ed28b8e4b4", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": null, "cache_key": null, "cache_expiration": null, "deferred": null, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": "7dc11d7e-8ab4-4bbf-a95b-854f3a0d447c", "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'c46b4bd4-fdca-46e5-afe2-c9ed28b8e4b4',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e86-cb55-7266-a11b-6e527e70e67c','2026-11-30 22:15:15.548071','2026-11-30 22:15:15.548079','SCHEDULED','2026-11-30 22:15:15.541616','Scheduled',NULL,'{"flow_run_id": "1a19add9-4a49-400b-a777-f70d803de224", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": "2100-01-01T12:00:00Z", "cache_key": null, "cache_expiration": null, "deferred": false, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": null, "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'1a19add9-4a49-400b-a777-f70d803de224',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e86-cb85-7ad2-96cd-e790436edff7','2026-11-30 22:15:15.609276','2026-11-30 22:15:15.609286','SCHEDULED','2026-11-30 22:15:15.589958','Scheduled',NULL,'{"flow_run_id": "55a2b11a-d11d-4618-aedf-95d809f056b4", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": "2026-11-30T22:15:15.564664Z", "cache_key": null, "cache_expiration": null, "deferred": false, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": null, "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'55a2b11a-d11d-4618-aedf-95d809f056b4',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e86-cba3-7429-b6f0-fd7da8a99a02','2026-11-30 22:15:15.625468','2026-11-30 22:15:15.625477','COMPLETED','2026-11-30 22:15:15.619394','Completed',NULL,'{"flow_run_id": "55a2b11a-d11d-4618-aedf-95d809f056b4", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": null, "cache_key": null, "cache_expiration": null, "deferred": null, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": "b884cd10-a9f7-4e4a-ae1c-ffb390b557d8", "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'55a2b11a-d11d-4618-aedf-95d809f056b4',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e86-cbcf-75a0-af05-32a92b58773c','2026-11-30 22:15:15.672485','2026-11-30 22:15:15.672494','SCHEDULED','2026-11-30 22:15:15.663873','Scheduled',NULL,'{"flow_run_id": "e48073c8-19c9-4dc3-b5f9-a66f12ea0b1c", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": "2100-01-01T12:00:00Z", "cache_key": null, "cache_expiration": null, "deferred": false, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": null, "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'e48073c8-19c9-4dc3-b5f9-a66f12ea0b1c',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e86-cc1d-7f25-9e6f-d938153870c6','2026-11-30 22:15:15.747719','2026-11-30 22:15:15.747728','SCHEDULED','2026-11-30 22:15:15.741414','Scheduled',NULL,'{"flow_run_id": "7398cf52-70e6-4162-8ec7-e48241a34305", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": "2026-11-30T22:15:15.707770Z", "cache_key": null, "cache_expiration": null, "deferred": false, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": null, "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'7398cf52-70e6-4162-8ec7-e48241a34305',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e86-cc2e-7069-b95e-d2ce5018a872','2026-11-30 22:15:15.764742','2026-11-30 22:15:15.764750','COMPLETED','2026-11-30 22:15:15.758246','Completed',NULL,'{"flow_run_id": "7398cf52-70e6-4162-8ec7-e48241a34305", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": null, "cache_key": null, "cache_expiration": null, "deferred": null, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": "417940d7-9d4d-4b03-a8ce-bb7bcebc1f26", "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'7398cf52-70e6-4162-8ec7-e48241a34305',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e86-cc57-703c-96d5-ee6fe17ef52b','2026-11-30 22:15:15.805625','2026-11-30 22:15:15.805633','SCHEDULED','2026-11-30 22:15:15.799382','Scheduled',NULL,'{"flow_run_id": "469d1e01-e01c-4e6e-a1ab-38ee53093066", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": "2100-01-01T12:00:00Z", "cache_key": null, "cache_expiration": null, "deferred": false, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": null, "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'469d1e01-e01c-4e6e-a1ab-38ee53093066',NULL);
CREATE TABLE "log" (
	id CHAR(36) DEFAULT ((
        lower(hex(randomblob(4))) 
        || '-' 
        || lower(hex(randomblob(2))) 
        || '-4' 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || substr('89ab',abs(random()) % 4 + 1, 1) 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || lower(hex(randomblob(6)))
    )) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	name VARCHAR NOT NULL, 
	level SMALLINT NOT NULL, 
	flow_run_id CHAR(36), 
	task_run_id CHAR(36), 
	message TEXT NOT NULL, 
	timestamp DATETIME NOT NULL, 
	CONSTRAINT pk_log PRIMARY KEY (id)
);
CREATE TABLE saved_search (
	id CHAR(36) DEFAULT (
    (
        lower(hex(randomblob(4))) 
        || '-' 
        || lower(hex(randomblob(2))) 
        || '-4' 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || substr('89ab',abs(random()) % 4 + 1, 1) 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || lower(hex(randomblob(6)))
    )
    ) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	name VARCHAR NOT NULL, 
	filters JSON DEFAULT '[]' NOT NULL, 
	CONSTRAINT pk_saved_search PRIMARY KEY (id), 
	CONSTRAINT uq_saved_search__name UNIQUE (name)
);
CREATE TABLE "task_run" (
	id CHAR(36) DEFAULT ((
        lower(hex(randomblob(4))) 
        || '-' 
        || lower(hex(randomblob(2))) 
        || '-4' 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || substr('89ab',abs(random()) % 4 + 1, 1) 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || lower(hex(randomblob(6)))
    )) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	name VARCHAR NOT NULL, 
	state_type VARCHAR(9), 
	run_count INTEGER DEFAULT '0' NOT NULL, 
	expected_start_time DATETIME, 
	next_scheduled_start_time DATETIME, 
	start_time DATETIME, 
	end_time DATETIME, 
	total_run_time DATETIME DEFAULT '0' NOT NULL, 
	task_key VARCHAR NOT NULL, 
	dynamic_key VARCHAR NOT NULL, 
	cache_key VARCHAR, 
	cache_expiration DATETIME, 
	task_version VARCHAR, 
	empirical_policy JSON DEFAULT '{}' NOT NULL, 
	task_inputs JSON DEFAULT '{}' NOT NULL, 
	tags JSON DEFAULT '[]' NOT NULL, 
	flow_run_id CHAR(36), 
	state_id CHAR(36), 
	state_name VARCHAR, 
	state_timestamp DATETIME, 
	flow_run_run_count INTEGER DEFAULT '0' NOT NULL, 
	labels JSON, 
	CONSTRAINT pk_task_run PRIMARY KEY (id), 
	CONSTRAINT fk_task_run__flow_run_id__flow_run FOREIGN KEY(flow_run_id) REFERENCES flow_run (id) ON DELETE CASCADE
);
CREATE TABLE "task_run_state" (
	id CHAR(36) DEFAULT ((
        lower(hex(randomblob(4))) 
        || '-' 
        || lower(hex(randomblob(2))) 
        || '-4' 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || substr('89ab',abs(random()) % 4 + 1, 1) 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || lower(hex(randomblob(6)))
    )) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	type VARCHAR(9) NOT NULL, 
	timestamp DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	name VARCHAR NOT NULL, 
	message VARCHAR, 
	state_details JSON DEFAULT '{}' NOT NULL, 
	data JSON, 
	task_run_id CHAR(36) NOT NULL, 
	result_artifact_id CHAR(36), 
	CONSTRAINT pk_task_run_state PRIMARY KEY (id), 
	CONSTRAINT fk_task_run_state__task_run_id__task_run FOREIGN KEY(task_run_id) REFERENCES task_run (id) ON DELETE CASCADE, 
	CONSTRAINT fk_task_run_state__result_artifact_id__artifact FOREIGN KEY(result_artifact_id) REFERENCES artifact (id) ON DELETE SET NULL
);
CREATE TABLE task_run_state_cache (
	id CHAR(36) DEFAULT (
    (
        lower(hex(randomblob(4))) 
        || '-' 
        || lower(hex(randomblob(2))) 
        || '-4' 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || substr('89ab',abs(random()) % 4 + 1, 1) 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || lower(hex(randomblob(6)))
    )
    ) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	cache_key VARCHAR NOT NULL, 
	cache_expiration DATETIME, 
	task_run_state_id CHAR(36) NOT NULL, 
	CONSTRAINT pk_task_run_state_cache PRIMARY KEY (id)
);
CREATE TABLE "variable" (
	id CHAR(36) DEFAULT ((
        lower(hex(randomblob(4)))
        || '-'
        || lower(hex(randomblob(2)))
        || '-4'
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || substr('89ab',abs(random()) % 4 + 1, 1)
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || lower(hex(randomblob(6)))
    )) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	name VARCHAR NOT NULL, 
	tags JSON DEFAULT '[]' NOT NULL, 
	value JSON, 
	CONSTRAINT pk_variable PRIMARY KEY (id), 
	CONSTRAINT uq_variable__name UNIQUE (name)
);
INSERT INTO "variable" VALUES('75550a87-8e53-49f9-ac91-17f3bda20221','2026-11-30 22:15:15.919037','2026-11-30 22:15:15.919049','our_own','[]','["of", "a", "person"]');
CREATE TABLE "work_pool" (
	id CHAR(36) DEFAULT ((
        lower(hex(randomblob(4)))
        || '-'
        || lower(hex(randomblob(2)))
        || '-4'
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || substr('89ab',abs(random()) % 4 + 1, 1)
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || lower(hex(randomblob(6)))
    )) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	name VARCHAR NOT NULL, 
	description VARCHAR, 
	type VARCHAR NOT NULL, 
	base_job_template JSON DEFAULT '{}' NOT NULL, 
	is_paused BOOLEAN DEFAULT '0' NOT NULL, 
	concurrency_limit INTEGER, 
	default_queue_id CHAR(36), status VARCHAR(9) DEFAULT 'NOT_READY' NOT NULL, last_transitioned_status_at DATETIME, last_status_event_id CHAR(36), storage_configuration JSON DEFAULT '{}' NOT NULL, 
	CONSTRAINT pk_work_pool PRIMARY KEY (id), 
	CONSTRAINT uq_work_pool__name UNIQUE (name), 
	CONSTRAINT fk_work_pool__default_queue_id__work_queue FOREIGN KEY(default_queue_id) REFERENCES work_queue (id) ON DELETE RESTRICT
);
INSERT INTO "work_pool" VALUES('6c032010-b2bb-4af3-9ba8-f7c3e592da48','2026-11-30 22:14:57.316590','2026-11-30 22:14:57.328000','bulkhead',NULL,'process','{"job_configuration": {"command": "{{ command }}", "env": "{{ env }}", "labels": "{{ labels }}", "name": "{{ name }}", "stream_output": "{{ stream_output }}", "working_dir": "{{ working_dir }}"}, "variables": {"properties": {"name": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Name given to infrastructure created by a worker.", "title": "Name"}, "env": {"additionalProperties": {"anyOf": [{"type": "string"}, {"type": "null"}]}, "description": "Environment variables to set when starting a flow run.", "title": "Environment Variables", "type": "object"}, "labels": {"additionalProperties": {"type": "string"}, "description": "Labels applied to infrastructure created by a worker.", "title": "Labels", "type": "object"}, "command": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "The command to use when starting a flow run. In most cases, this should be left blank and the command will be automatically generated by the worker.", "title": "Command"}, "stream_output": {"default": true, "description": "If enabled, workers will stream output from flow run processes to local standard output.", "title": "Stream Output", "type": "boolean"}, "working_dir": {"anyOf": [{"format": "path", "type": "string"}, {"type": "null"}], "default": null, "description": "If provided, workers will open flow run processes within the specified path as the working directory. Otherwise, a temporary directory will be created.", "title": "Working Directory"}}, "type": "object"}}',0,NULL,'e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','NOT_READY',NULL,NULL,'{"bundle_upload_step": null, "bundle_execution_step": null, "default_result_storage_block_id": null}');
CREATE TABLE "work_queue" (
	id CHAR(36) DEFAULT ((
        lower(hex(randomblob(4))) 
        || '-' 
        || lower(hex(randomblob(2))) 
        || '-4' 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || substr('89ab',abs(random()) % 4 + 1, 1) 
        || substr(lower(hex(randomblob(2))),2) 
        || '-' 
        || lower(hex(randomblob(6)))
    )) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	name VARCHAR NOT NULL, 
	filter JSON, 
	description VARCHAR DEFAULT ('') NOT NULL, 
	is_paused BOOLEAN DEFAULT '0' NOT NULL, 
	concurrency_limit INTEGER, 
	last_polled DATETIME, 
	priority INTEGER DEFAULT '1' NOT NULL, 
	work_pool_id CHAR(36) NOT NULL, status VARCHAR(9) DEFAULT 'NOT_READY' NOT NULL, 
	CONSTRAINT pk_work_queue PRIMARY KEY (id), 
	CONSTRAINT fk_work_queue__work_pool_id__work_pool FOREIGN KEY(work_pool_id) REFERENCES work_pool (id) ON DELETE CASCADE, 
	CONSTRAINT uq_work_queue__work_pool_id_name UNIQUE (work_pool_id, name)
);
INSERT INTO "work_queue" VALUES('e2d33a97-e6f8-47aa-8bb1-e0d078957c4c','2026-11-30 22:14:57.321249','2026-11-30 22:14:57.321259','default',NULL,'The work pool''s default queue.',0,NULL,NULL,1,'6c032010-b2bb-4af3-9ba8-f7c3e592da48','NOT_READY');
CREATE TABLE worker (
	id CHAR(36) DEFAULT (
    (
        lower(hex(randomblob(4)))
        || '-'
        || lower(hex(randomblob(2)))
        || '-4'
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || substr('89ab',abs(random()) % 4 + 1, 1)
        || substr(lower(hex(randomblob(2))),2)
        || '-'
        || lower(hex(randomblob(6)))
    )
    ) NOT NULL, 
	created DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	updated DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	name VARCHAR NOT NULL, 
	last_heartbeat_time DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, 
	work_pool_id CHAR(36) NOT NULL, heartbeat_interval_seconds INTEGER, status VARCHAR(7) DEFAULT 'OFFLINE' NOT NULL, 
	CONSTRAINT pk_worker PRIMARY KEY (id), 
	CONSTRAINT fk_worker__work_pool_id__work_pool FOREIGN KEY(work_pool_id) REFERENCES work_pool (id) ON DELETE cascade, 
	CONSTRAINT uq_worker__work_pool_id_name UNIQUE (work_pool_id, name)
);
CREATE INDEX ix_flow__updated ON flow (updated);
CREATE INDEX ix_concurrency_limit__updated ON concurrency_limit (updated);
CREATE INDEX ix_saved_search__updated ON saved_search (updated);
CREATE INDEX ix_task_run_state_cache__cache_key_created_desc ON task_run_state_cache (cache_key, created DESC);
CREATE INDEX ix_task_run_state_cache__updated ON task_run_state_cache (updated);
CREATE INDEX ix_agent__updated ON agent (updated);
CREATE INDEX ix_agent__work_queue_id ON agent (work_queue_id);
CREATE INDEX ix_configuration__key ON configuration ("key");
CREATE INDEX ix_configuration__updated ON configuration (updated);
CREATE INDEX ix_flow__created ON flow (created);
CREATE INDEX ix_block_schema__updated ON block_schema (updated);
CREATE INDEX ix_block_schema_reference__updated ON block_schema_reference (updated);
CREATE INDEX ix_flow_name_case_insensitive on flow (name COLLATE NOCASE);
CREATE INDEX ix_block_schema__block_type_id ON block_schema (block_type_id);
CREATE INDEX ix_block_schema__created ON block_schema (created);
CREATE INDEX ix_block_document__is_anonymous ON block_document (is_anonymous);
CREATE UNIQUE INDEX uq_block__type_id_name ON block_document (block_type_id, name);
CREATE INDEX ix_block_document__name ON block_document (name);
CREATE INDEX ix_block_document__updated ON block_document (updated);
CREATE UNIQUE INDEX uq_block_type__slug ON block_type (slug);
CREATE INDEX ix_block_type_name_case_insensitive ON block_type (name);
CREATE INDEX ix_block_type__updated ON block_type (updated);
CREATE UNIQUE INDEX uq_concurrency_limit__tag ON concurrency_limit (tag);
CREATE UNIQUE INDEX uq_block_schema__checksum_version ON block_schema (checksum, version);
CREATE INDEX ix_worker__updated ON worker (updated);
CREATE INDEX ix_worker__work_pool_id_last_heartbeat_time ON worker (work_pool_id, last_heartbeat_time);
CREATE INDEX ix_worker__work_pool_id ON worker (work_pool_id);
CREATE INDEX ix_flow_run_state__updated ON flow_run_state (updated);
CREATE INDEX ix_flow_run_state__type ON flow_run_state (type);
CREATE UNIQUE INDEX uq_flow_run_state__flow_run_id_timestamp_desc ON flow_run_state (flow_run_id, timestamp);
CREATE INDEX ix_flow_run_state__result_artifact_id ON flow_run_state (result_artifact_id);
CREATE INDEX ix_flow_run_state__name ON flow_run_state (name);
CREATE INDEX ix_task_run_state__type ON task_run_state (type);
CREATE INDEX ix_task_run_state__updated ON task_run_state (updated);
CREATE UNIQUE INDEX uq_task_run_state__task_run_id_timestamp_desc ON task_run_state (task_run_id, timestamp);
CREATE INDEX ix_task_run_state__result_artifact_id ON task_run_state (result_artifact_id);
CREATE INDEX ix_task_run_state__name ON task_run_state (name);
CREATE INDEX ix_work_pool__updated ON work_pool (updated);
CREATE INDEX ix_work_pool__type ON work_pool (type);
CREATE INDEX ix_work_queue__work_pool_id ON work_queue (work_pool_id);
CREATE INDEX ix_work_queue__updated ON work_queue (updated);
CREATE INDEX ix_work_queue__work_pool_id_priority ON work_queue (work_pool_id, priority);
CREATE INDEX ix_artifact__updated ON artifact (updated);
CREATE INDEX ix_artifact__task_run_id ON artifact (task_run_id);
CREATE INDEX ix_artifact__flow_run_id ON artifact (flow_run_id);
CREATE INDEX ix_flow_run__expected_start_time_desc ON flow_run (expected_start_time);
CREATE INDEX ix_flow_run__flow_id ON flow_run (flow_id);
CREATE INDEX ix_flow_run__infrastructure_document_id ON flow_run (infrastructure_document_id);
CREATE INDEX ix_flow_run__state_id ON flow_run (state_id);
CREATE INDEX ix_flow_run__work_queue_id ON flow_run (work_queue_id);
CREATE INDEX ix_flow_run__end_time_desc ON flow_run (end_time);
CREATE INDEX ix_flow_run__state_name ON flow_run (state_name);
CREATE INDEX ix_flow_run__state_timestamp ON flow_run (state_timestamp);
CREATE INDEX ix_flow_run__work_queue_name ON flow_run (work_queue_name);
CREATE INDEX ix_flow_run__parent_task_run_id ON flow_run (parent_task_run_id);
CREATE INDEX ix_flow_run__state_type ON flow_run (state_type);
CREATE INDEX ix_flow_run_name_case_insensitive ON flow_run (name);
CREATE INDEX ix_flow_run__next_scheduled_start_time_asc ON flow_run (next_scheduled_start_time);
CREATE INDEX ix_flow_run__start_time ON flow_run (start_time);
CREATE INDEX ix_flow_run__updated ON flow_run (updated);
CREATE INDEX ix_flow_run__flow_version ON flow_run (flow_version);
CREATE UNIQUE INDEX uq_flow_run__flow_id_idempotency_key ON flow_run (flow_id, idempotency_key);
CREATE INDEX ix_flow_run__name ON flow_run (name);
CREATE INDEX ix_artifact__key ON artifact ("key");
CREATE INDEX ix_artifact_collection__key_latest_id ON artifact_collection ("key", latest_id);
CREATE INDEX ix_concurrency_limit_v2__updated ON concurrency_limit_v2 (updated);
CREATE INDEX ix_log__flow_run_id_timestamp ON log (flow_run_id, timestamp);
CREATE INDEX ix_log__timestamp ON log (timestamp);
CREATE INDEX ix_log__updated ON log (updated);
CREATE INDEX ix_log__flow_run_id ON log (flow_run_id);
CREATE INDEX ix_log__level ON log (level);
CREATE INDEX ix_log__task_run_id ON log (task_run_id);
CREATE INDEX ix_block_document_name_case_insensitive on block_document (name COLLATE NOCASE);
CREATE INDEX ix_flow_run_input__updated ON flow_run_input (updated);
CREATE INDEX ix_csrf_token__updated ON csrf_token (updated);
CREATE INDEX ix_automation__updated ON automation (updated);
CREATE INDEX ix_automation_related_resource__resource_id ON automation_related_resource (resource_id);
CREATE INDEX ix_automation_related_resource__updated ON automation_related_resource (updated);
CREATE UNIQUE INDEX uq_automation_related_resource__automation_id__resource_id ON automation_related_resource (automation_id, resource_id);
CREATE INDEX ix_composite_trigger_child_firing__updated ON composite_trigger_child_firing (updated);
CREATE UNIQUE INDEX uq_composite_trigger_child_firing__a_id__pt_id__ct__id ON composite_trigger_child_firing (automation_id, parent_trigger_id, child_trigger_id);
CREATE INDEX ix_flow_run__deployment_version ON flow_run (deployment_version);
CREATE INDEX ix_automation_bucket__automation_id__end ON automation_bucket (automation_id, "end");
CREATE INDEX ix_automation_bucket__updated ON automation_bucket (updated);
CREATE UNIQUE INDEX uq_automation_bucket__automation_id__trigger_id__bucketing_key ON automation_bucket (automation_id, trigger_id, bucketing_key);
CREATE INDEX ix_event_resources__resource_id__occurred ON event_resources (resource_id, occurred);
CREATE INDEX ix_event_resources__updated ON event_resources (updated);
CREATE INDEX ix_events__event__id ON events (event, id);
CREATE INDEX ix_events__event_occurred_id ON events (event, occurred, id);
CREATE INDEX ix_events__event_related_occurred ON events (event, related, occurred);
CREATE INDEX ix_events__event_resource_id_occurred ON events (event, resource_id, occurred);
CREATE INDEX ix_events__occurred ON events (occurred);
CREATE INDEX ix_events__occurred_id ON events (occurred, id);
CREATE INDEX ix_events__related_resource_ids ON events (related_resource_ids);
CREATE INDEX ix_events__updated ON events (updated);
CREATE INDEX ix_variable__updated ON variable (updated);
CREATE INDEX ix_automation_event_follower__received ON automation_event_follower (received);
CREATE INDEX ix_automation_event_follower__updated ON automation_event_follower (updated);
CREATE INDEX ix_automation_event_follower__leader_event_id ON automation_event_follower (leader_event_id);
CREATE INDEX ix_automation_event_follower__scope ON automation_event_follower (scope);
CREATE UNIQUE INDEX uq_follower_for_scope ON automation_event_follower (scope, follower_event_id);
CREATE INDEX ix_artifact_collection__updated ON artifact_collection (updated);
CREATE INDEX ix_artifact__key_created_desc ON artifact ("key", created DESC);
CREATE INDEX ix_block_document__block_type_name__name ON block_document (block_type_name, name);
CREATE INDEX ix_deployment__work_queue_name ON deployment (work_queue_name);
CREATE INDEX ix_deployment_name_case_insensitive ON deployment (name);
CREATE INDEX ix_deployment__work_queue_id ON deployment (work_queue_id);
CREATE INDEX ix_deployment__updated ON deployment (updated);
CREATE UNIQUE INDEX uq_deployment__flow_id_name ON deployment (flow_id, name);
CREATE INDEX ix_deployment__created ON deployment (created);
CREATE INDEX ix_deployment__paused ON deployment (paused);
CREATE INDEX ix_deployment__flow_id ON deployment (flow_id);
CREATE INDEX ix_deployment_schedule__updated ON deployment_schedule (updated);
CREATE INDEX ix_deployment_schedule__deployment_id ON deployment_schedule (deployment_id);
CREATE INDEX ix_flow_run__scheduler_deployment_id_auto_scheduled_next_schedu ON flow_run (deployment_id, auto_scheduled, next_scheduled_start_time) WHERE state_type = 'SCHEDULED';
CREATE INDEX ix_deployment_schedule__slug ON deployment_schedule (slug);
CREATE UNIQUE INDEX ix_deployment_schedule__deployment_id__slug
        ON deployment_schedule(deployment_id, slug)
        WHERE slug IS NOT NULL;
CREATE INDEX ix_deployment_version__deployment_id ON deployment_version (deployment_id);
CREATE INDEX ix_deployment_version__updated ON deployment_version (updated);
CREATE INDEX ix_deployment_version__work_queue_id ON deployment_version (work_queue_id);
CREATE INDEX ix_deployment_version__work_queue_name ON deployment_version (work_queue_name);
CREATE UNIQUE INDEX uq_deployment_version__deployment__branch ON deployment_version (deployment_id, branch);
CREATE INDEX ix_deployment__version_id ON deployment (version_id);
CREATE INDEX ix_ae_follower_scope_leader ON automation_event_follower (scope, leader_event_id);
CREATE INDEX ix_task_run__end_time_desc ON task_run (end_time);
CREATE INDEX ix_task_run__name ON task_run (name);
CREATE INDEX ix_task_run__next_scheduled_start_time_asc ON task_run (next_scheduled_start_time);
CREATE INDEX ix_task_run__state_type ON task_run (state_type);
CREATE UNIQUE INDEX uq_task_run__flow_run_id_task_key_dynamic_key ON task_run (flow_run_id, task_key, dynamic_key);
CREATE INDEX ix_task_run__start_time ON task_run (start_time);
CREATE INDEX ix_task_run__state_id ON task_run (state_id);
CREATE INDEX ix_task_run__state_timestamp ON task_run (state_timestamp);
CREATE INDEX ix_task_run__updated ON task_run (updated);
CREATE INDEX ix_task_run__expected_start_time_desc ON task_run (expected_start_time);
CREATE INDEX ix_task_run_name_case_insensitive ON task_run (name);
CREATE INDEX ix_task_run__state_name ON task_run (state_name);
CREATE INDEX ix_task_run__flow_run_id ON task_run (flow_run_id);
CREATE INDEX ix_flow_run__schedule_id_scheduler
        ON flow_run (deployment_id, json_extract(created_by, '$.id'), next_scheduled_start_time)
        WHERE state_type = 'SCHEDULED' AND auto_scheduled = 1;
CREATE INDEX ix_task_run__state_type_start_time
        ON task_run (state_type, start_time)
        ;
CREATE INDEX ix_block_document_reference__updated ON block_document_reference (updated);
CREATE INDEX ix_event_resources__occurred
        ON event_resources (occurred)
        ;
CREATE INDEX ix_event_resources__event_id
        ON event_resources (event_id)
        ;
CREATE INDEX ix_flow_run__deployment_id
        ON flow_run (deployment_id)
        ;
CREATE INDEX ix_flow_run__state_type_coalesce_start_time
        ON flow_run (state_type, coalesce(start_time, expected_start_time))
        ;
COMMIT;
