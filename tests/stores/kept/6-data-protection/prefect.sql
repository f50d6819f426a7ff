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
INSERT INTO "block_document" VALUES('0aeba621-0297-455f-b694-b00db6c9c032','2026-11-30 22:14:08.422448','2026-11-30 22:14:08.422456','hq','"gAAAAABrDfUwBB8SijfuL60sDl3CZnsf3vECTJo5UcWJRJjlXxvWlP4P8YJpm9jbzlX81rNtdwPcL8-QK2Y_LjFpTZATraV02lLqmhgEhNJOpAZCSJM7plXXiSTR5C8TFJX2ngrLF1_We_YFU4h9Mq3kxuGBBOGQiWJazs1JQs23aU-UYqGnzA2zX6R2scGCdxeQC_BFHwly1t4gDapUWtlBYHNc5HSYdQH3u1ZLbNj9E8RLTmbj-Nr0UgWMH1CrbWHhewIyMfWs0lNiNizSlbqBjUwL1X_tidFiPiv0VUJcmbjbrXT49DYoWMtLNa9rCz2HrjyZhCTcSHRYbG1_ohGKlUtg989v5y5-GZBSVbbM8xP5-kCiyJgyD6VD0dm4TGfZERsoo9MgiP3ceaOrkQbYP8WXjrApppc_Nk9TXDPCVRUsi4ubLR9BphMQJpJg4x7Rr_QdFv2jMSTzbeZt1m9KEO9BBMfP8UM1bC2dvkiea2xFdRwJzEHFbURsClBPObjdezWzPoy785wweTx_HFMNzeeF77yjJi7A2LJOf7J15pJeHsuejJDt7e99IZUZHhtoyAXNwcFpOBrinkDshHvhgcf4jesiPZOv1DG9Ip2iXTVfGiftpLhMDmC097DeTEsp6lfLsRRCjiW3z9Vt0S6FRc3-kJpKAg=="','e7ee992d-c967-436a-8267-32b0815f58bd','f0b6d958-e787-49e8-997f-ee457d6d1048',0,'Salesforce Org');
INSERT INTO "block_document" VALUES('2147d6ea-44d6-42bf-8790-40355793d372','2026-11-30 22:14:08.839933','2026-11-30 22:14:08.839945','emea','"gAAAAABrDfUw0-ho8UTDBUgC6ZNoxOyfq6M7YuEttKwJ8lchvp7Ho3dGgQ0xSs9k4TXUCylbunhETBakVNc2l54nyMKQqaDU-YowSl2M2yYpBzbqUJDi9UgVrJ7xv2CRl3xORjBPn4lnn2JGvOrQZE_1djr7PnKAE4kv4EXwGnLECQTV69xbWD0bw2T9gFzQHdkal6EYR2K1EUkZEQH53eTJZwazivBoP5lmERrXpegp3HwcEGvPzLgzM9M0z4XGFsQKxw7TDqQrdmaU1F6o7L_olIZs1QtQhNIwN1AR32DTMUSpw-UIVXXuX8VINwjJ9gNyZ3UakFXdtKsmOnuwK6z5VhvaA86CGDFq1s1TwazSc1EuW3WxCwi3FpZ0NRXykHh1XT7iUimtZ0OHOdCZIlCh6i5pd6pnrFihrbAPErpxEVSel1JeP2Tzd7JzqLvUSyxCDl77SzTgpJs7NfS0NEshSY-A1MsosNPnA3KsHpQeTtkCDNjBOnX4vMo_eARNMZp_KuV2h9abxsua9hZOIRxeGiaqUfqy9ZeTYNYcXgmAptT58l5ebaKRwsoZt73lbnpwFa_AXkxeKJNkU54agFr5IwdcGC9cFeEnuHg5hmSWP_SuTbPpMVO5JctOtPYqaJfZarsluz0NMLmn2luINJLa-6UCmPm59B95iRwFitRME0Md4QoxyZg="','e7ee992d-c967-436a-8267-32b0815f58bd','f0b6d958-e787-49e8-997f-ee457d6d1048',0,'Salesforce Org');
INSERT INTO "block_document" VALUES('1cc62c9c-f55f-4c2b-9066-fcae7b9907f2','2026-11-30 22:14:09.166963','2026-11-30 22:14:09.166975','hq-uat','"gAAAAABrDfUx1YhCMwwZfqo4RQzJD0Jc50lyR62Ni8PitNvFlTrHZOrWPg3ziyIxF3Ju2pQDUY_5SnjuRl9Hw-x2-dOXVchp36UxhM0tuoPt0u1tJbEU6YR2bkLDg_XOavWbPnXK3yH8mg8SBVKxF7Ahy3xBRXNul6jjzbBWAItOhGrUaVHkhbFVo95BLcmC9TQ8wR_hF96KcKl4e4rOeEmuhF5WU-GuAXlLpfSt0ljM4Yj3hNLKSPTDiJqFjgMSDWv_Cb0GpaP9Lb0sTEcb7ESTHwHLCgO0xGf6mCRzL3XcTnmYA2QYc3Re1cYl5dHnRx_UeXdXZLJwJVvqC-vjk6D6xOqrY0QSgiV4ILjejRD2lImN6ANgzCXBdso0JAhIZ8UihXjOSZRbRyoqQrYLRigldE8iDwFJtp0Nzt2_xRVNfP53-Az0qrDwlZH5Tm-1sK7UIhvW3CVWTFImE8_ocxftrZSJLuWv_EPdeql6Fa28JfbPjf_XCqifilPJLpZPk67zefx5YAnPlTY-u3rGqZgy7_I2BxMf6akKwOyPPB8xuBG50x_0AxAGjMQNj6AOYGOOcXVGl26U29JU3SJhCqc0fHEAABfS7bajfJOdvFwwI7E_k-JZ8aTiRzWCBdA4jT2JZqDKa-LuZUQpmnGb0JDRFiwtOastk5C2JyWQBYNyApUj_bWM37jxTQ0ebsxqVGD5kwnAX9UL"','e7ee992d-c967-436a-8267-32b0815f58bd','f0b6d958-e787-49e8-997f-ee457d6d1048',0,'Salesforce Org');
INSERT INTO "block_document" VALUES('49d426eb-7a08-4858-86fa-91c578478f7c','2026-11-30 22:14:09.486237','2026-11-30 22:14:09.486251','bulkhead','"gAAAAABrDfUxf8mhv3nLLF6rw_CSWfIXo6c8nx4lz1HhQNrmIjfINLi7SDCt5d0tyO0XWaPull2fK1aH-uqipcKGjGHvLlEk-H-SXGTk8x06I1xC9Q1zvFeXUGMY38M5tJhSywyzKVzZLZu-8csHSJOiEYNs0PfNscqLjX5P7j7tmpIJaorrBvsD130Bgb1eLJUT930eADszkdgXd_z1HYOYqjuzuYlaCsdAfhPvDCbWrGS72Kzc5PZ4qwHnizKMTzkbDbkkeBSE"','429a4069-0d46-4a95-8786-2b8bfdfc2852','9987f79f-2053-41e0-9fe7-bd6eb52e9c17',0,'AWS Secret Store');
INSERT INTO "block_document" VALUES('e8542b40-99b5-484c-911b-fd5b1997270d','2026-11-30 22:14:09.807106','2026-11-30 22:14:09.807120','security-slack','"gAAAAABrDfUxr9qIjNBbp5e9ZAMCZJVT2sMnGZHHJd_TStaL-wfLYOsvHu02oz0NeEvASFBBnNGckjn9_a-5yb_ubmkwptzpXRCzDCC1HQaFbsKYFMfNS0mK3gU20BNUiU-tospF4m6omTogeA5aEwkyegfCCDrG4w=="','2f87a281-db64-4cc1-816d-2a4471bbfba6','4bb00521-dcb5-4f37-a428-c937ad69d307',0,'Bulkhead Slack Channel');
INSERT INTO "block_document" VALUES('f0dcffcb-9e0f-4b74-9172-16c4f327992f','2026-11-30 22:14:10.152707','2026-11-30 22:14:10.152720','bulkhead','"gAAAAABrDfUyjY1fGsglavFlEkJxctuaddp1851TZxbqLIL7VlQq6DzwvIECYwT7aPl72r7bfiMUcxFM7kRLBdXOpzSisWfGHt80MSnopDdeVRE42vBCwWkIutEh_KWuXfzaqWV7D6_3tZpXMzmRT3d5Bt3aeD6xz5tL8cGoNFpd-CZL_y4rhzo_BZToaMybq_YgPBXkzmhnO9dTIizXXlLPj8cJOXmw9OJMPStd-HqgwHjvmn3FIe46keLr2kqwQuErKyMQTCmFiYwfbVIA8Ik3Uj5r3RmOByGZ5El3qgZ42HmWIj0Mkhk="','55f63c7c-d581-4aee-962d-f3d70091e822','79b30fe4-9d17-4beb-af97-a4c709e3ea54',0,'Bulkhead Ledger');
INSERT INTO "block_document" VALUES('c2b9b421-2b5b-44ba-8a0f-59fd9a3d413e','2026-11-30 22:14:10.438164','2026-11-30 22:14:10.438177','bulkhead','"gAAAAABrDfUyd_OAuwvKEJeUCRaiuFh_3EL9r13INMBMBG19XiuoCUv4aYKwdPQPVtelH8aUXaNxLoxzBD7-lU6XEAAAzEsUtCZ_Df9f4sipF25uQ6wMyNBBsiA8CG_DtTb_LtuhsRydr1LAbl0QxDtwp8ZpvRZpIaFgcSrAVX2m86zGcfwc-t3RLmxRHo06dek_biRAnIlQGRGKipzZHCQ33u8yyTgvDVnH-mtGp904TTFRWIVKl5UWWfg4CpVz5nOGiT7X6Ftn-qcYHz1rqzXdaSC-fnRwadSFgz32JJsb-cQW6uV6sSIg-tyW259D1YMTfN9MiVtzDANdp_FLMgt31RXSuycrz7Lwro0IJrqCR50Tr89RDCjIvvN6vPe0FezRb_g6kVk30W2CPdIyy9kEK3LKLEaazrHFslY8jXDog_khNaPu5n0VxvhUqiffk0_mbsJQ3cwcm9l7aBPBAczlCV4RbiGsrfk4ktro_Tmw5NtdVbj9C-QOA_Cpp-ThFC2Z6FnX8LDYAzv98qjEVVkaZFLSccHOfCoZkI_DcX-sv6xyXOnjd6s4SVmYjC6HlOj2RvbxQCCXCMNdOYrjlJWeR5aSLU2CKNLJJgiJBE3Zbz6Bb0VPsZv-5kcSAkZWbAXtCpGf7sjML_b1D84hXqAfDyMjNdydcKxkGiAxjgqEUUzklfVE7OCUhGIokpZkGfQ7jPrdp2WsfghPvNYHI50BsWUUdlXTvwqz81ftML3IYCJXRDpRhwTKoNjEXN46SgMSdjU4EFAdSFy6gvhqk1yWbuaNsgFTSOB7-ghOgdnuCqL9zXYigc6GQzDuRpJvXuCM_w9RGoy2jfOTyMktacBe83ZKMR324T1Ia0n6bK1I3zn_giOm9sK7Zl6orH1a58ntNgjWCl39VHI7nkB1913WONAyVHHPOOrnoG3ZhSCzhO74cIr_cAbLZ9wNE6aESn5kLIsMfKITyRy84mfwUCOEMiEJ5iw09agV6O9vuJgJUNc_uLpwodquznyaqMbktl18yS2CRtOad_TG52eotVKMjQRLboWuHsEOKQe-KrdNr5OjN1eyfcqp8mCXv0Kd--8FxVdSZVYQcZNOxe55q1-snlqUhSJRnvGhRvJlLr1NgulW5RPoN7t6Ho5qQ52U1zNZ9wLkIaKEkos2VfVS6OTfPqVBXPleugWSjHlJ3GHVLz4ZYUTWgeZOg_EagSw4fJDFok6ycz-arfret_GAEbSA9ropUaiDvpGRJ00Jeaxs4WRVULT185587QmLoaimSJrdcWN5T-CidJddix2zRZSaHEfL-3pFyIGig2WIXyUCRmS2oiXNDMwFiND78q_J_EPuJ5V5mHXqVJHKGCsFTwcYO0mvX2n_56xIwiqzwOQC38XeAw8PsLehUMpp4Hw6oMVsWfKApmqJkSFhZd897_kkeGq0ksxZ70PrFQZX_UHh9ZFPxqNvXRBRu68XTaCQTSjguGOvzROdfvNy5iDILnUyUFF6odZOU5fjwRgRwC2JmnyG5Asbhq3pOe6hUrNXeriUZqK0WOaGTPgt78ljhP-EmfKHM0Bgrr2m3J68iYXF_-amaXR8QHmESGNu7e5PRCS-K7oEQFKAgnbi1FzGVde8EDnMmOPk0hcmsY7z_WRMA4abxtO3vXDlU973TnKSexH6-CT7lRmylXx13QUMTonW0xwdl6xnKaPv9Gw__qC2IIHlBDCp3t3Vq35Vtu7j5Ngpv-Azvfub1xkWnTf3xGq_AP8UdZ3yHyzhazn1d6FsqqcELDrzlHjXrUI8Ui5FEaVdKXyAY49SwmJcWBYIdF-AdqXrbmw1thkKdmv_T3v2rNNnrOzh9VLw5aD9OoMWOFJedm1iWED6DyllUrFOfLhrln5ELhSoaSpZedhSISe3mTLiARJtp-xDu5ImBls2YY8WcVlp5AJChTSVICvjPg6b7tQ4wP3FLMeCUyVkCfWqldG2hXHxj1R2_huNtfkiuK8PKVHFrSqZkOcxm9thoAoUo1YNvAPoPQ8ZMUiSAXqYE7H6_wMvIuF-XwJ182jw3CUHqvzTomDIvMGKc5_sFpvu3cuEPKESKDCNKeBPirpBwUc2oBXhCJhMC60GxiVf95enkKztE4BmJUnZp5UPOdbTixSnWUzMw3g36fdCMxzXPNealTs_nq1nX4lGFr17ubpFSM3RFjKjGb14w4DxkVPz-SSyN3JC668G6MaWaSkbtnOt7QlY8y-xFumM8KfenUjknljBJCWG2K6-NKtXZlIJruu_RKIeTzs_NkEGABjWS0maKJ1QsqKDTfIok8qpu8XJiwN4Y5fv5E3ggHp6qKp8E4AIwp9mMjyXsrM_0L1KOkItA1hFiu30yBwlolBhcWtp9EjxPPx4ihr0nAcVWxRBf8PwRsbyE6c2W6LSgXlkAWDDBtJuNDzv7S5ZlVfbT2GJO20N9BWUzJT1VA0up1lC1udB0nceiBF8ropmSsa9dRwaCyjUQq7ty-fkoYXPh3ydRUW9RuG1R6OzUw56uFCRcRRvtOcBUWKyXTn-vcVL2anD4lawIw21Nuyt0M3zkvnJjRATJkjKEYg1wNf89LvdC_0WkZpF5cFxKvASqKWfk5RZ_kGQDkgYRdBAw0tfowlIdCMouFX7nn1PHw72SB8h4sswxXtoVWiPzGPnBXn1Ft6-EIZHIFD49rsHkzsXnVEyDAReTjreTI506aaOOMWtMSQ6vhYensbrvZT006zUmf9H27w_FzROyxcq-thr0o5f8uZkouy0tw1vUjJEJfw9Cl74gXjo8yKWj8hsBUyvAubTgt_U1_4kyw5thX41IhBioJErjtDdegVMj5PyfebuKNyeEyt_alXaa-Fr-b3hRGiRWMLMeD67wcNajKuoefZgFzMXl27OicwrSUq0sXeE6EsU_nvFL6snNDPbJdG5x0GLP1f8xw4erKj1W6h3b2OSZsE1S9gWbUtNYeK-1nsQLW_UXizFlwSF0bJmR7LNgJl5irZpnPnlvtPTh2YLv2Lki0w_RmQCKe1lXjg8mfW2edOLSezsJjC2Ewx73x1VBfiht17SHDyXqIHp5nOZpWKHayrDeVCbIW0yrjyHcG6I_woGrRngFbuKQd3yYSB4ZJSMaXlSF73CS_gvjXTZknmjb7trBMsTFTaR4k4T0iPcfDbCCzT25n0dHM4zOypyLzfwYy4G-bSf2Hq6X4E-OGVxgYqo94Z4BSrVeypTPuMosGwYlBKfXWeoKM87SbzFBEMsYO2b6ae-HmJNULdySwqSCO-5QQG1oGdFd7-NnqwF9SW6sCnUrwtOKxUV_RTXpykgvE776KRlcBBtCjdCSKTwIeXXTMFDMHtcB2e30YWajW08YqSm6HOBGHQkSu6Cmt7sZu7VZDIo04GPblhsxZ446iz9qrTy2ftyuV-muOPz9bp8abTnnTL1zMH3edtPVcNWo-zSOLfzXFSfWgImiFKZ4vv8CpOKuHEOLk_KcAVVa7HWuQKcSfCEFBBxwdhVZAPQ3lfr2P96nroGa5pv6tBS-oAu2i0m5N2VUL5Hm20sATUf3h4Ly_TFWnmbKcB8R-cvi7C0nqz_d4wuHiZuXTPX238qTeM3jstYjskcW1sjrTqKarFonh1GuV7CwJvkCtbBI_-YFBYnoZCXxyq5h4YMH-udvJjpI84w9iIu8S2aNf2YX3BOgvVzd8KWzZYskUo9-_rT1H9q7M2WiuGPOKv15V4WMG5zNZsPh3HtKLzrtJ4GpQ1ljU1ruxZci-XrHhTRCXPknr1Wela4fX62Of0VBmx_ouls3j-eQZ27JJBKUpFi0Q6y78ntCcqhfIrnet_FoydNbGaFct1nRy8iKU-vMX5qqnlo8m0zsWN7LeS6lgtCCJnlwgYurNNjb0qRKieED5yQCyNK9-TTR5q8HtnxAR2IVYK5TxzzaiQktNc_V6I5nQ0V3qSD9KiyEjyTRKIVKKGX1vn_LdlKw8Il0875fq3AsumQw4tA8pqNoFa0XinT68wsRjRwWo0AWD1xoPSepGRGl7HYrmsjwZGi-9bHecLBTztBzsX7OPTIkUsF_5_Q_poHXyKCc-qxvfV_7nf9-v9CGWC83Cd9RiTeR3YnRMAAmtoLtL-b9DsVFL3EWhKVLeQNBdBy_DwEYiec8dSCXnano_oOOcMb-FutxSoHvHczUmqhSje4fD2WgubiS1zlkWVO9MyYQRPq4aN9EfabQghQmN0ja_LdQe0Ndz_3rmeOamfyOz9w5B6VxBSpMbTZYZTB7GJDouUHElPOLepau83g0Xuyu6QGZKxoyszMCGZQlKdu7KJwmiaiRqTWelR6lRkY35BRveulJ2F4LeL2GTxAy18HsBKR_Gw72cHFqKL8CxuZ1T2lgIIqA5EhjaxIyZSWN-WaZFPVuDRAN-lAoz2JwVgmBo-603TaS3F-fnf0OAy3HKfKyIWTEO-yi8tSFekAyuolBfsGauPgYripr3nkCyQ7foO2GTsSFgK4WKvfxFgy5iyxNTzAmUGPfhW_kXbx3DoeQCI5yjtlvBoGL23fPF0ULdh4mdRoKSCm5scpm_X4TGa1WKP49BY0qdjEmqetVjp6bgWC-PQLpb753gqwlQNO2aiUKqnVEBRai7jTpuiqO3BmiU2l0jjjIg9u7f8sj9Xf4GQ8GxGkStIqMVVz-o2NMsXMb-2ZOjoRooqLhvclCDAjvHaXXiMUGw5zHwGM3Uv74h_R_dYx71t-J9gXyXFS1_zQfidTKNmvR5PPI8ErSQIHhYlTaIctkZz3Pyly8ppiLT8Cu0Rknwbo8OGps4yOZ8c1458MKnxCu6zhKfpxIB9McJi6gTNwUuDJSsEF2Oj6nQzGZ-N59X2q8NHmyrLSprj0s9Cs6LAtOSqt7hMBQQTqvlQ31PuU3onoWL_8YNenw3XgfM6EXTZpIiRLXJJH0uOkhMRY2uf1-M6R2MP15KiNriAGV-9CfMPoy6mYS3TaH8OWAKPJwJZsJzidNXyZ-xW5yg_WikGObtbCjlqRuJdhcpdVFbncm1XqBIYPvPJ0DzEpWrIWeKv-nTW6gK7IMHr1tf7FKDGUWH0Qo32lR9y-7k9h4CNJsMsqOkiC3yriRCQAOiZ19P8yWYbajrWI2ljnzImRWe_cx8RoSGcLvzcO8Nm35wkEVQlwNqEUex6W33GfspKYOop24f5pT4bkmLVokTTnvV9xb3c3lZsWdULnc_o28mfghzgny9p9HLyleBZoXPB7BnAe9hUMU9tEMJO2DTrJexcUjtYLbLi-3uK1hR-9XrwQSSo7LB9I0nwK8kF9M34Jtt9NkuNGSrskpWE55QzvXAPhZKMBCOKJWCu8hnwH4Kk8BIBNjU1EaHivEUrlN-0Vp2spcs4a7plZYo1t0cGPBlv1SGOPwab5HHQfH9LXnhZeCJjSX8ZQFUCE5XEZSCQfy7uTqRuOTxBDtmpnVFXIZiJSP5ppytPecr4YJVsoSLzKUL6odccKbNxdJmlIKPAUZ9vQa4W4BtwK-2gZudpy0Xm33onXtQkvz6YhlAUgnOso-2gKN4wY4SZOfwbEjsUHul6PIuyiIeQ--6FZxLrFI2RPNo5zJN01V41cMxneoVfuuPKOM16WXDtPMgQASlPesFcFN9_CdoVK-QkVeWmhAyHAENNRY8rZAjQLMBICiiopAFvRWR0axlHKDwOvWixdTnXhGs4QrvTpfpoZA-Icedg0SXukZGPCeLvXzUX9niFY0x5cWNpXem48cUE9B2cSBDM1gQEJRw8p2n017ihPzmu4UFszpiBLJBsrjj7rd5o0ehWNj9ZpfQme7uhf-zj1sM_OsHUBR0-w1lezFMYxCFgLY0LFXZXMX38_mb5JSpOhycQY0nrWAneqrVM6ag1VsQd457_-Um0_i_HxjqsVrAF9mVWVQkPyvWmKywXUkJi7aUZ7CoW_BW_qRgrLyuKOToUMj_-xfaZvTse8gMlNmaNSppUBPhnkr7j7HzCaRzheY3YRQQTvLogRlPoF5MLtgg3CpmJNGPwd0Zh5x6_E2LyO1ecogthfrDdsR5Xh_7fSVWv8hO7dn5sqtYsH3YKnojW7WYDYJKA3hyeTpVYnomWWGyTKiAsMREYLAWQCADjnY7PkCkGA1zlYynQL9EasV8O8Gf9GYtU9vVhoBJ0oOwlIo9LqLP99qO9JRgoKjvwwi2Lkx7Al23hATk-_N_d4jwiD03Xln3tlGvpxUJOvR5rREi1AaY2cFv9y17MUm1PxkeU005maVPfSQMzr0Y_ShIhqa85Y83wUcvzmSsrw0TwqzzfO9la1PeEkmGbB92jOyUuwTEqvl5Spp2uSin8sgacx9Z6fX3h6uNY8VJlmDy-9KnQZFGbTPDF_q79_E-3kO68X2YWoyG-k-Oaf88_F2Fcautj6OYv_TXHiAvi6KIDEgjiUQuCVzDfg0EiU2EpceTL6vbNt75Fah8_xUYW5rCq33qcBkRSEzf1nSTLwuKBhoaGcEy5qZ76KvnMd-KYLjHDKxBaziiVAat1QJrO2AKvv0uB9h1d5dcanFKtZnh5x6mvYkMvB7puizYAimuF9gmUZ1CzUhZrUEFa24cMA4BCaKeG1qZE8nnnTLU5obzJeNLn22567onA-dAY4OUg8Gs_hItTkN_e8q9Uxe53pjKkvSpT3r_cBQchJkA_84hXtyKlKlPvL9tdNam1YRaJGXtGnqMWUeMUIlUT04W-_ae0DaEGM8gq5rjOiKDE6rMDKekzn0Vh3MyKgZ5dptTAKKqhvT71JDb0jIt461yQaNNOpQ7MPaxofja9ycTh85ZDgxphQA0YnExPaClBlLZ0ELZPK7lSiT0xfcUdQ2QKEuiECIr-yGHsIJu3yu0DdhpHRKYM67_wXbjWYU17-r3WpvxVqK1X69joFB0HPRA3KXumFrDvDneSeUK8aKSav0c8gpKW2WhZlX0wbDYS8ZpUbf1zIoc_Uh8U6Y2-PKexoKfozMEox6yjapXp0f7emiVgVqd5XslzpgAGfgkpPOc2nMDmQZZDw1DAFUUeBspfnqtEWPXOX1cDaVXcXk5uDT2BOWsBWFNhGS66sQR2z_Hq6EkFiuIMYYsCBNUcX5FblQYSUJUBLA_1D97Jzt7iuy94kT2VbyrtMZaaAKDKZRWsEFRPZsuatuBzKxmYpSzyxqRfi1I4_uByJ-62vpixeb15z8zDNUd53ylYOvs4DzmP3U45fmGJCaeq8Ad3C20YTWncASTeXicBfMfnXygaNytuA8WR-whXk_3vX1Rc321VqaXQJVVqnfFpu9b-3eSYE376k5Rd_w9GJpxXSUwH7UV2wx_oHj-RbEZ-ZsLf3IcxUH1PDKnHWX-nwAK_PJBKlPLXCoIRKcIa8bn6tAMJX2umjeFMBCcU4rx2vyugDL9aRv5RSL0wObolk0ugngTQE-eibu99N0LCAow02MuTqMqkStI3DGZg2JLjF-i0e9eHhcQeMc9sANdziUYhVHiRvRE0fpL3ObSt7j2y5mU-9Dw1vzG-74lt-SufTzzlRzgZl5WLVGHICoEec1e42HjAMWh8BYPJlQ12SGKGaAfvefWflsms70882GjaKZuYtSHTPR1yidSE2v1hJWsAQx0UQePnyoluFwmoBe06wJ2vM9hh5iSnaDbAWWv511S058ADqog-yhcdzEMMRUD01MCn3FM_CUR7haeUoScUoMlQiLhapDBNn5gdbLcnPszhVaa7n0oHFK9SD5ggqXWjVVQe0fnlkPCXbr3g="','eec47c44-c3bc-43f3-a987-365c076111a4','0888b3f3-c1e2-4a3a-abb9-e5544c23e78b',0,'Bulkhead Estate');
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
INSERT INTO "block_schema" VALUES('e7ee992d-c967-436a-8267-32b0815f58bd','2026-11-30 22:14:08.267468','2026-11-30 22:14:08.267480','{"block_type_slug": "salesforce-org", "description": "A Salesforce org: where it is, how it is reached, and as whom.", "properties": {"alias": {"description": "Short name of the org, used everywhere.", "pattern": "^[a-z0-9-]+$", "title": "Alias", "type": "string", "position": 0}, "my_domain": {"description": "My Domain address, such as https://acme.my.salesforce.com.", "title": "My Domain", "type": "string", "position": 1}, "kind": {"description": "Whether the org holds production data.", "enum": ["production", "sandbox"], "title": "Kind", "type": "string", "position": 2}, "scanner": {"$ref": "#/definitions/OrgIdentity", "description": "Identity that reads; its session refuses every write.", "position": 3}, "enforcer": {"anyOf": [{"$ref": "#/definitions/OrgIdentity"}, {"type": "null"}], "default": null, "description": "Identity that changes, for approved plans only.", "position": 4}, "proxy": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "HTTP proxy through which the org is reached.", "title": "Proxy", "position": 5}, "ca_bundle": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "File of certificate authorities to trust.", "title": "Ca Bundle", "position": 6}, "region": {"default": "", "description": "Where the org''s data lives.", "title": "Region", "type": "string", "position": 7}, "time_zone": {"default": "UTC", "description": "IANA time zone of the org''s business hours.", "title": "Time Zone", "type": "string", "position": 8}}, "required": ["alias", "my_domain", "kind", "scanner"], "secret_fields": [], "title": "SalesforceOrg", "type": "object", "definitions": {"OrgIdentity": {"description": "One of our users in an org and the name of the secret that signs it in.", "properties": {"flow": {"description": "OAuth flow that gets the token.", "enum": ["jwt-bearer", "client-credentials"], "title": "Flow", "type": "string"}, "username": {"description": "User name in the org.", "title": "Username", "type": "string"}, "secret": {"description": "Name of the secret that holds the consumer key and the private key or secret.", "title": "Secret", "type": "string"}, "session_sets": {"description": "Session-activated permission sets with the write rights, woken for approved changes only.", "items": {"type": "string"}, "title": "Session Sets", "type": "array"}}, "required": ["flow", "username", "secret"], "title": "OrgIdentity", "type": "object"}}}','f0b6d958-e787-49e8-997f-ee457d6d1048','sha256:e2bc014e87da3988fe9e57d76523f65023768a4ff22d1c94ec0e47a82a0eccf7','[]','non-versioned');
INSERT INTO "block_schema" VALUES('429a4069-0d46-4a95-8786-2b8bfdfc2852','2026-11-30 22:14:09.353303','2026-11-30 22:14:09.353318','{"block_type_slug": "aws-secret-store", "description": "AWS Secrets Manager of one account and region. Credentials come from the usual AWS chain or a named file.", "properties": {"region": {"description": "AWS region, such as us-east-1.", "title": "Region", "type": "string", "position": 0}, "endpoint_url": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Endpoint, where it is not the public one.", "title": "Endpoint Url", "position": 1}, "profile": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Profile of the shared credentials file.", "title": "Profile", "position": 2}, "shared_credentials_file": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Path of the shared credentials file.", "title": "Shared Credentials File", "position": 3}, "ca_bundle": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "File of certificate authorities to trust.", "title": "Ca Bundle", "position": 4}, "enforcer_role": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "ARN of the role taken on for approved changes to firewalls.", "title": "Enforcer Role", "position": 5}}, "required": ["region"], "secret_fields": [], "title": "SecretStore", "type": "object"}','9987f79f-2053-41e0-9fe7-bd6eb52e9c17','sha256:f92e439b2c74a15e15efcb0529d048e5eaf99f73f0a65b50121332a9fc37e5be','[]','non-versioned');
INSERT INTO "block_schema" VALUES('2f87a281-db64-4cc1-816d-2a4471bbfba6','2026-11-30 22:14:09.677015','2026-11-30 22:14:09.677028','{"block_type_slug": "bulkhead-slack-channel", "description": "A Slack channel that alerts of some orgs go to.", "properties": {"orgs": {"description": "Aliases of the orgs whose alerts go here.", "items": {"type": "string"}, "title": "Orgs", "type": "array", "position": 0}, "secret": {"description": "Name of the secret that holds the incoming-webhook address.", "title": "Secret", "type": "string", "position": 1}}, "required": ["orgs", "secret"], "secret_fields": [], "title": "SlackChannel", "type": "object"}','4bb00521-dcb5-4f37-a428-c937ad69d307','sha256:6bcf4fffc77fdd878af42fe2ff1e30cb9dddc8bd7241814f1fc1b1bff37f30ff','[]','non-versioned');
INSERT INTO "block_schema" VALUES('55f63c7c-d581-4aee-962d-f3d70091e822','2026-11-30 22:14:09.992406','2026-11-30 22:14:09.992422','{"block_type_slug": "bulkhead-ledger", "description": "The ledger of plans, approvals, grants and evidence.", "properties": {"url_secret": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Name of the secret with the database''s address; a file where none is named.", "title": "Url Secret", "position": 0}, "signing_secret": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Name of the secret with the Ed25519 key that seals checkpoints.", "title": "Signing Secret", "position": 1}, "signing_kms_key": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "KMS key that seals checkpoints instead (ECC_NIST_P256).", "title": "Signing Kms Key", "position": 2}, "anchor_bucket": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Bucket with Object Lock that keeps the checkpoints.", "title": "Anchor Bucket", "position": 3}, "anchor_prefix": {"default": "ledger/", "description": "Where in the bucket.", "title": "Anchor Prefix", "type": "string", "position": 4}, "anchor_days": {"default": 2555, "description": "Days for which a checkpoint cannot be removed.", "title": "Anchor Days", "type": "integer", "position": 5}}, "secret_fields": [], "title": "Ledger", "type": "object"}','79b30fe4-9d17-4beb-af97-a4c709e3ea54','sha256:f2905c76b03212c59ff9e7436fc0985496e5815f1acc60be5d7d7ca9436330fe','[]','non-versioned');
INSERT INTO "block_schema" VALUES('eec47c44-c3bc-43f3-a987-365c076111a4','2026-11-30 22:14:10.336779','2026-11-30 22:14:10.336793','{"block_type_slug": "bulkhead-estate", "description": "The registered estate and policy, validated before they were saved.", "properties": {"estate": {"description": "The estate: orgs, routes, channels, attestations.", "title": "Estate", "type": "object", "position": 0}, "policy": {"description": "The policy: networks, thresholds, caps, waivers.", "title": "Policy", "type": "object", "position": 1}}, "required": ["estate", "policy"], "secret_fields": [], "title": "EstateDocument", "type": "object"}','0888b3f3-c1e2-4a3a-abb9-e5544c23e78b','sha256:a04a0c0a780a695fe532dfe5eeca6aee28a2965b5ff17c9dc64da93a0c0b2b56','[]','non-versioned');
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
INSERT INTO "block_type" VALUES('f0b6d958-e787-49e8-997f-ee457d6d1048','2026-11-30 22:14:08.213299','2026-11-30 22:14:08.213311','Salesforce Org',NULL,'https://help.salesforce.com/s/articleView?id=sf.domain_name_overview.htm','A Salesforce org: where it is, how it is reached, and as whom.','```python
from blocks import SalesforceOrg

org = SalesforceOrg.load("hq")
```',0,'salesforce-org');
INSERT INTO "block_type" VALUES('9987f79f-2053-41e0-9fe7-bd6eb52e9c17','2026-11-30 22:14:09.301541','2026-11-30 22:14:09.301551','AWS Secret Store',NULL,'https://docs.aws.amazon.com/secretsmanager/','AWS Secrets Manager of one account and region. Credentials come from the usual AWS chain or a named file.','```python
from blocks import SecretStore

store = SecretStore.load("bulkhead")
```',0,'aws-secret-store');
INSERT INTO "block_type" VALUES('4bb00521-dcb5-4f37-a428-c937ad69d307','2026-11-30 22:14:09.634110','2026-11-30 22:14:09.634118','Bulkhead Slack Channel',NULL,'https://api.slack.com/messaging/webhooks','A Slack channel that alerts of some orgs go to.','```python
from blocks import SlackChannel

channel = SlackChannel.load("security")
```',0,'bulkhead-slack-channel');
INSERT INTO "block_type" VALUES('79b30fe4-9d17-4beb-af97-a4c709e3ea54','2026-11-30 22:14:09.932143','2026-11-30 22:14:09.932152','Bulkhead Ledger',NULL,'https://csrc.nist.gov/pubs/sp/800/92/final','The ledger of plans, approvals, grants and evidence.','```python
from blocks import Ledger

ledger = Ledger.load("bulkhead")
```',0,'bulkhead-ledger');
INSERT INTO "block_type" VALUES('0888b3f3-c1e2-4a3a-abb9-e5544c23e78b','2026-11-30 22:14:10.287694','2026-11-30 22:14:10.287704','Bulkhead Estate',NULL,'https://csrc.nist.gov/pubs/sp/800/207/final','The registered estate and policy, validated before they were saved.','```python
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
INSERT INTO "concurrency_limit_v2" VALUES('cd1fef4a-6358-4062-821f-81a98cfd55cd','2026-11-30 22:14:11.949038','2026-11-30 22:14:11.949047',1,'deployment:99cd7cdc-4cfc-43a3-9dc5-3b9211cfe2da',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('909c137c-9b8a-4780-aeba-9fbca7504ffb','2026-11-30 22:14:12.275769','2026-11-30 22:14:12.275779',1,'deployment:9257a53b-9fb9-426d-8915-b87e27825ab5',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('5fdec6ec-3630-45e4-b810-e0f5eeef3fe1','2026-11-30 22:14:12.578978','2026-11-30 22:14:12.578986',1,'deployment:1dbda8d6-bfc9-48da-b258-63fdb9fa6229',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('0a0479b3-9f58-4890-9957-a204a0e84d96','2026-11-30 22:14:12.886367','2026-11-30 22:14:12.886377',1,'deployment:4f43e6cd-7bf0-434e-a6dc-d186992935bd',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('c30f5725-21b9-44e1-8272-b702c7469f4c','2026-11-30 22:14:13.126425','2026-11-30 22:14:13.126435',1,'deployment:a6c13d79-364b-460f-9e64-5d7d9f6e6c7f',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('46b91135-8612-4499-b63c-63b7f6b0684f','2026-11-30 22:14:13.505718','2026-11-30 22:14:13.505726',1,'deployment:058102cc-195d-43a5-b6d3-b8894c4e4a6d',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('a94579f0-a90e-4334-9d54-461f941ff3d3','2026-11-30 22:14:13.835689','2026-11-30 22:14:13.835697',1,'deployment:fddeb6f7-a267-4843-a0c0-b53946e2ccdd',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('e08369a7-9490-4d19-9ee5-3ced9d6e5633','2026-11-30 22:14:14.078177','2026-11-30 22:14:14.078188',1,'deployment:5d594e0c-7aa1-4fcc-a7f4-5060251763c4',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('5c3d2a41-141c-4041-86e9-066e868741b6','2026-11-30 22:14:14.292237','2026-11-30 22:14:14.292245',1,'deployment:0ae53fab-03e5-4657-8379-76a0651e4984',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('fd600d27-3997-439b-97b5-e0b1be0a7da9','2026-11-30 22:14:14.492555','2026-11-30 22:14:14.492563',1,'deployment:53a9c359-1727-4e1c-ab65-52f120e23f4f',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('f68aa11e-82a4-4b97-9869-00fac27524a8','2026-11-30 22:14:14.722927','2026-11-30 22:14:14.722935',1,'deployment:be8aef2b-f65c-4dc9-8bc2-51afa7b4942e',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('c49e59e4-f3cc-4755-9dd0-e596286d965d','2026-11-30 22:14:14.871946','2026-11-30 22:14:14.871955',1,'deployment:14e7d2ed-6f8f-4f92-8ca3-0d54afbd51a9',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('41683284-12f8-453c-8a78-34f65f59af62','2026-11-30 22:14:15.088350','2026-11-30 22:14:15.088358',1,'deployment:03b39ade-2f36-4cc3-be5c-3ac38d01e73b',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('92024a51-e021-4564-a7b4-2d73e7dca2d9','2026-11-30 22:14:15.273324','2026-11-30 22:14:15.273333',1,'deployment:6d3ddc9a-a1d1-4daf-be3c-0dc071ebfdb1',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('073b52ab-90b5-4756-b5bd-d2732a36e451','2026-11-30 22:14:15.451845','2026-11-30 22:14:15.451854',1,'deployment:d9beb1dd-28f3-47a8-9cdd-f55e91c1cdf6',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('c2a9b3a7-fcea-49c8-8323-1c48c05f0fca','2026-11-30 22:14:15.613773','2026-11-30 22:14:15.613781',1,'deployment:388d2985-c583-48b9-b228-7f23caaeb30a',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('2ff97f0f-1645-4a07-94b7-7e454f3f7f45','2026-11-30 22:14:15.778229','2026-11-30 22:14:15.778238',1,'deployment:1bfcdc89-8969-48a2-8658-f342636a4b88',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('79da6b8a-66c8-49eb-ba5e-d5a4dc6a53ad','2026-11-30 22:14:15.955393','2026-11-30 22:14:15.955403',1,'deployment:a3780f10-183c-4b20-a77d-44ceb178d91f',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('fa88249d-a39d-4332-a80b-e958afceb004','2026-11-30 22:14:16.160011','2026-11-30 22:14:16.160020',1,'deployment:c2ad15a7-33d5-416c-a8bf-3fa365c582b4',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('74389a4e-b0c2-4583-be74-c7a7c22ffc88','2026-11-30 22:14:16.316085','2026-11-30 22:14:16.316095',1,'deployment:c7bdc90a-6c0d-49be-aab7-da366d89d6b2',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('32e96069-2ee4-4653-a636-9035fdebc438','2026-11-30 22:14:16.455365','2026-11-30 22:14:16.455373',1,'deployment:e3eaf0d3-3c7b-4a2f-a9ae-b18be3c21d3c',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('ac7a0cc6-7783-4182-b64c-1ed2256ece1c','2026-11-30 22:14:16.594732','2026-11-30 22:14:16.594740',1,'deployment:26c3e35a-141b-45d1-b538-0030008251bc',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('ad9c8c57-76f6-40af-9acd-42bf092e9373','2026-11-30 22:14:16.796446','2026-11-30 22:14:16.796454',1,'deployment:26fa90d1-8e18-410b-8bad-4370771ade1c',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('232cf866-75e4-4e6d-ac59-13776a1a6311','2026-11-30 22:14:16.958812','2026-11-30 22:14:16.958821',1,'deployment:06a36cb1-8636-4db8-bbf8-414366378088',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('357db1d7-096f-47ea-b561-f047fd6a46a3','2026-11-30 22:14:17.149853','2026-11-30 22:14:17.149861',1,'deployment:9e5ccfc5-1539-4cf9-8ff3-221bacf81a1c',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('3d24816e-c868-4929-9d50-8c9d71db44d0','2026-11-30 22:14:17.348898','2026-11-30 22:14:17.348908',1,'deployment:339a16a1-46b8-4088-aa1e-6114b17d12a0',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('f0852bea-a912-4f8d-97f7-b9279d28a46d','2026-11-30 22:14:17.511997','2026-11-30 22:14:17.512006',1,'deployment:71e857b4-1b62-4696-a8e2-5b9ddfa1f60a',8,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('08ffbb4a-a366-4d37-b42a-e7bf2c3193bf','2026-11-30 22:14:17.714242','2026-11-30 22:14:17.714250',1,'deployment:b7686ad9-70ab-4d4e-b0ac-91c7a1273a98',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('a3f2d4df-ccf0-4806-8ea2-f9cc158f0ae7','2026-11-30 22:14:17.916254','2026-11-30 22:14:17.916262',1,'deployment:9959631c-2639-4768-8f48-affc4977b0d1',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('0fc079a0-469f-48ed-89d8-fc3157300253','2026-11-30 22:14:18.102203','2026-11-30 22:14:18.102211',1,'deployment:34fbf26a-b41a-48e5-9960-cf031c279db9',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('b2a0d25c-44e4-49c4-b318-51979a52565d','2026-11-30 22:14:18.315448','2026-11-30 22:14:18.315456',1,'deployment:4e0daad0-8981-4fb3-9599-f60c1c0791a0',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('8d15e0e7-c3fe-4f4c-90c3-f1edb3a39e53','2026-11-30 22:14:18.578591','2026-11-30 22:14:18.578601',1,'deployment:eaeedd59-5703-4735-8c57-a27941390e69',1,0,0,0.0,2.0);
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
INSERT INTO "configuration" VALUES('2fc9815b-8b02-4331-9a28-16b734c7572e','2026-11-30 22:14:08.419309','2026-11-30 22:14:08.419318','ENCRYPTION_KEY','{"fernet_key": "vOxnIUrZIW6JL0JX2ebHVTo8YXaB8jWmCtI2ucQMD0s="}');
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
	CONSTRAINT fk_deployment__work_queue_id__work_queue FOREIGN KEY(work_queue_id) REFERENCES work_queue (id) ON DELETE SET NULL, 
	CONSTRAINT fk_deployment__concurrency_limit_id__concurrency_limit_v2 FOREIGN KEY(concurrency_limit_id) REFERENCES concurrency_limit_v2 (id) ON DELETE SET NULL, 
	CONSTRAINT fk_deployment__flow_id__flow FOREIGN KEY(flow_id) REFERENCES flow (id) ON DELETE CASCADE, 
	CONSTRAINT fk_deployment__storage_document_id__block_document FOREIGN KEY(storage_document_id) REFERENCES block_document (id) ON DELETE CASCADE, 
	CONSTRAINT fk_deployment__infrastructure_document_id__block_document FOREIGN KEY(infrastructure_document_id) REFERENCES block_document (id) ON DELETE CASCADE
);
INSERT INTO "deployment" VALUES('99cd7cdc-4cfc-43a3-9dc5-3b9211cfe2da','2026-11-30 22:14:11.902090','2026-11-30 22:14:11.950000','assessment-weekly','["phase:assessment", "job:assessment"]','{}','09776ef6-756b-4b49-ab19-d5d079080cbf','Reads every org of the estate, shows **who trusts whom and how far one stolen cr',NULL,'{"title": "Parameters", "type": "object", "properties": {"orgs": {"default": [], "description": "Aliases of the orgs to read, as in estate.yaml. **Leave empty for all.** Trust between two orgs shows only when both are read.", "items": {"maxLength": 40, "pattern": "^[a-z0-9-]+$", "type": "string"}, "position": 0, "title": "orgs", "type": "array"}, "fail_on": {"default": "never", "description": "Ends the run as failed, after everything is published, when a finding is at least this severe.", "enum": ["never", "low", "medium", "high", "critical"], "position": 1, "title": "fail_on", "type": "string"}}}',NULL,'f377fee257f9ab240e7d162fb12b1277','{}',NULL,'flows.assessment.assessment',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','cd1fef4a-6358-4062-821f-81a98cfd55cd','{"prefect.flow.id": "09776ef6-756b-4b49-ab19-d5d079080cbf"}',NULL);
INSERT INTO "deployment" VALUES('9257a53b-9fb9-426d-8915-b87e27825ab5','2026-11-30 22:14:12.246631','2026-11-30 22:14:12.279000','quick-wins','["phase:quick-wins", "job:all"]','{}','39e3a843-5e15-4e11-826c-ff9e39f5b3b4','Makes **the plans of the quick wins, one after another**. It changes no org.

* ',NULL,'{}',NULL,'2aec8cd6f83630fda6938c82352b0b6e','{}',NULL,'flows.quick_wins.quick_wins',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','909c137c-9b8a-4780-aeba-9fbca7504ffb','{"prefect.flow.id": "39e3a843-5e15-4e11-826c-ff9e39f5b3b4"}',NULL);
INSERT INTO "deployment" VALUES('1dbda8d6-bfc9-48da-b258-63fdb9fa6229','2026-11-30 22:14:12.555771','2026-11-30 22:14:12.581000','least-privilege','["phase:quick-wins", "job:least-privilege"]','{}','abc20098-7dc9-483e-8be3-38e4f23e1ae1','Makes a plan that leaves each sync user **exactly the rights its routes need**. ',NULL,'{}',NULL,'fa1952eb39811429a50253af88a4adf3','{}',NULL,'flows.least_privilege.least_privilege',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','5fdec6ec-3630-45e4-b810-e0f5eeef3fe1','{"prefect.flow.id": "abc20098-7dc9-483e-8be3-38e4f23e1ae1"}',NULL);
INSERT INTO "deployment" VALUES('4f43e6cd-7bf0-434e-a6dc-d186992935bd','2026-11-30 22:14:12.873265','2026-11-30 22:14:12.887000','second-factors','["phase:quick-wins", "job:mfa"]','{}','29157869-f157-45a1-bd72-a6d31a67a2b5','Makes a plan by which **everybody who could take an org over is asked for a seco',NULL,'{}',NULL,'ce70619ea7ff3715d197d7e1427f9a57','{}',NULL,'flows.sign_in.second_factors',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','0a0479b3-9f58-4890-9957-a204a0e84d96','{"prefect.flow.id": "29157869-f157-45a1-bd72-a6d31a67a2b5"}',NULL);
INSERT INTO "deployment" VALUES('a6c13d79-364b-460f-9e64-5d7d9f6e6c7f','2026-11-30 22:14:13.089776','2026-11-30 22:14:13.134000','oauth-flows','["phase:quick-wins", "job:oauth"]','{}','25d43164-29cb-4e17-9d41-7e7dec3e604a','Makes a plan that shuts the doors through which **a password alone gets a token*',NULL,'{}',NULL,'ce70619ea7ff3715d197d7e1427f9a57','{}',NULL,'flows.sign_in.oauth_flows',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','c30f5725-21b9-44e1-8272-b702c7469f4c','{"prefect.flow.id": "25d43164-29cb-4e17-9d41-7e7dec3e604a"}',NULL);
INSERT INTO "deployment" VALUES('058102cc-195d-43a5-b6d3-b8894c4e4a6d','2026-11-30 22:14:13.493564','2026-11-30 22:14:13.506000','approve-plan','["phase:quick-wins", "phase:advanced", "job:plans"]','{}','66041cca-a125-49cd-98bc-2e32d09838cd','Notes **your yes to exactly one digest** in the ledger. It changes no org.

* Th',NULL,'{}',NULL,'ea48e341da7701049465622750b44525','{}',NULL,'flows.plans.approve_plan',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','46b91135-8612-4499-b63c-63b7f6b0684f','{"prefect.flow.id": "66041cca-a125-49cd-98bc-2e32d09838cd"}',NULL);
INSERT INTO "deployment" VALUES('fddeb6f7-a267-4843-a0c0-b53946e2ccdd','2026-11-30 22:14:13.823820','2026-11-30 22:14:13.836000','apply-plan','["phase:quick-wins", "phase:advanced", "job:plans"]','{}','218d28f6-e1ed-48f1-ab59-3462ee618f2a','Applies an approved plan: **reads, compares, notes, writes, reads back**, org by',NULL,'{}',NULL,'ea48e341da7701049465622750b44525','{}',NULL,'flows.plans.apply_plan',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','a94579f0-a90e-4334-9d54-461f941ff3d3','{"prefect.flow.id": "218d28f6-e1ed-48f1-ab59-3462ee618f2a"}',NULL);
INSERT INTO "deployment" VALUES('5d594e0c-7aa1-4fcc-a7f4-5060251763c4','2026-11-30 22:14:14.034914','2026-11-30 22:14:14.085000','rollback-plan','["phase:quick-wins", "phase:advanced", "job:plans"]','{}','f8c20c0d-24ba-43a5-acb0-3c9a8af24540','Takes a plan back, **whole or by the numbers of its changes**; what depends on a',NULL,'{}',NULL,'ea48e341da7701049465622750b44525','{}',NULL,'flows.plans.rollback_plan',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','e08369a7-9490-4d19-9ee5-3ced9d6e5633','{"prefect.flow.id": "f8c20c0d-24ba-43a5-acb0-3c9a8af24540"}',NULL);
INSERT INTO "deployment" VALUES('0ae53fab-03e5-4657-8379-76a0651e4984','2026-11-30 22:14:14.261839','2026-11-30 22:14:14.292000','keep-evidence-hourly','["phase:continuous", "job:evidence"]','{}','fc4cf5ea-6543-40f7-b58e-6e3b54a39f48','Signs what is new in the ledger, keeps the signature **where nobody can remove i',NULL,'{}',NULL,'80e3126bc3f8789c88b4d13fa9356b45','{}',NULL,'flows.continuous.keep_evidence',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','5c3d2a41-141c-4041-86e9-066e868741b6','{"prefect.flow.id": "fc4cf5ea-6543-40f7-b58e-6e3b54a39f48"}',NULL);
INSERT INTO "deployment" VALUES('53a9c359-1727-4e1c-ab65-52f120e23f4f','2026-11-30 22:14:14.480976','2026-11-30 22:14:14.493000','request-access','["phase:advanced", "job:access"]','{}','3212bab1-04ca-4c7e-9ac5-c608a382e714','Asks for a permission set **for some hours**: by the name of a route, by a runni',NULL,'{"title": "Parameters", "type": "object", "properties": {"requester": {"description": "Who asks. **That person cannot approve it.**", "maxLength": 120, "minLength": 2, "position": 0, "title": "requester", "type": "string"}, "reason": {"description": "What it is for; it stays in the ledger.", "maxLength": 500, "minLength": 3, "position": 1, "title": "reason", "type": "string"}, "route": {"default": "", "description": "Name of a route, as in estate.yaml: **its sync user gets the set of its least-privilege plan.**", "maxLength": 120, "position": 2, "title": "route", "type": "string"}, "org": {"default": "", "description": "Alias of the org, as in estate.yaml. Not with a route.", "maxLength": 40, "pattern": "^[a-z0-9-]*$", "position": 3, "title": "org", "type": "string"}, "username": {"default": "", "description": "User name in that org of who gets the set. Not with a route.", "pattern": "^(.{3,120})?$", "position": 4, "title": "username", "type": "string"}, "permission_set": {"default": "", "description": "API name of the permission set. Not with a route.", "pattern": "^([A-Za-z]\\w{0,79})?$", "position": 5, "title": "permission_set", "type": "string"}, "hours": {"anyOf": [{"exclusiveMinimum": 0, "maximum": 24, "type": "number"}, {"type": "null"}], "default": null, "description": "For how long, from the approval on. **Leave empty for as long as the policy allows.**", "position": 6, "title": "hours"}, "ticket": {"default": "", "description": "The ticket or job that it belongs to, where there is one.", "position": 7, "title": "ticket", "type": "string"}, "extends": {"default": "", "description": "Id of a running grant that is to last longer, instead of a route or a set.", "pattern": "^([0-9a-fA-F]{6,16})?$", "position": 8, "title": "extends", "type": "string"}}, "required": ["requester", "reason"]}',NULL,'53aff46a61d1dfb1226e4b213563b981','{}',NULL,'flows.access.request_access',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','fd600d27-3997-439b-97b5-e0b1be0a7da9','{"prefect.flow.id": "3212bab1-04ca-4c7e-9ac5-c608a382e714"}',NULL);
INSERT INTO "deployment" VALUES('be8aef2b-f65c-4dc9-8bc2-51afa7b4942e','2026-11-30 22:14:14.710882','2026-11-30 22:14:14.723000','approve-access','["phase:advanced", "job:access"]','{}','2fc9bb60-c395-4311-aec6-475e9a17cb47','Approves a request: the clock starts now, on the org''s own time, and the set is ',NULL,'{}',NULL,'53aff46a61d1dfb1226e4b213563b981','{}',NULL,'flows.access.approve_access',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','f68aa11e-82a4-4b97-9869-00fac27524a8','{"prefect.flow.id": "2fc9bb60-c395-4311-aec6-475e9a17cb47"}',NULL);
INSERT INTO "deployment" VALUES('14e7d2ed-6f8f-4f92-8ca3-0d54afbd51a9','2026-11-30 22:14:14.859922','2026-11-30 22:14:14.872000','end-access','["phase:advanced", "job:access"]','{}','47c9b50b-19ea-4de4-a95f-00ba64f15707','Ends a grant **before its time** and takes the set away at once.',NULL,'{}',NULL,'53aff46a61d1dfb1226e4b213563b981','{}',NULL,'flows.access.end_access',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','c49e59e4-f3cc-4755-9dd0-e596286d965d','{"prefect.flow.id": "47c9b50b-19ea-4de4-a95f-00ba64f15707"}',NULL);
INSERT INTO "deployment" VALUES('03b39ade-2f36-4cc3-be5c-3ac38d01e73b','2026-11-30 22:14:15.038241','2026-11-30 22:14:15.089000','sweep-access-every-minute','["phase:continuous", "job:access"]','{}','230a08fc-7fc3-47ab-9ddd-22b80b8d1d97','Makes every org hold **what grants say and nothing longer**. Runs every minute, ',NULL,'{}',NULL,'80e3126bc3f8789c88b4d13fa9356b45','{}',NULL,'flows.continuous.sweep_access',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "CANCEL_NEW", "grace_period_seconds": 120}','41683284-12f8-453c-8a78-34f65f59af62','{"prefect.flow.id": "230a08fc-7fc3-47ab-9ddd-22b80b8d1d97"}',NULL);
INSERT INTO "deployment" VALUES('6d3ddc9a-a1d1-4daf-be3c-0dc071ebfdb1','2026-11-30 22:14:15.242525','2026-11-30 22:14:15.273000','review-access-daily','["phase:continuous", "job:access"]','{}','0bc7cc18-8083-4aba-aab2-87b3b3059008','Says of every grant that is over **what it was used for**: how long, and for whi',NULL,'{}',NULL,'80e3126bc3f8789c88b4d13fa9356b45','{}',NULL,'flows.continuous.review_access',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','92024a51-e021-4564-a7b4-2d73e7dca2d9','{"prefect.flow.id": "0bc7cc18-8083-4aba-aab2-87b3b3059008"}',NULL);
INSERT INTO "deployment" VALUES('d9beb1dd-28f3-47a8-9cdd-f55e91c1cdf6','2026-11-30 22:14:15.416481','2026-11-30 22:14:19.426000','watch-plans-every-10-minutes','["phase:continuous", "job:plans"]','{}','389124b8-4e3b-4781-b07e-ad5f0d895fa7','Watches **users of routes whose rights a plan changed**, for the hours that poli',NULL,'{}',NULL,'80e3126bc3f8789c88b4d13fa9356b45','{}',NULL,'flows.continuous.watch_plans',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,1,'NOT_READY',1,'{"collision_strategy": "CANCEL_NEW", "grace_period_seconds": 120}','073b52ab-90b5-4756-b5bd-d2732a36e451','{"prefect.flow.id": "389124b8-4e3b-4781-b07e-ad5f0d895fa7"}',NULL);
INSERT INTO "deployment" VALUES('388d2985-c583-48b9-b228-7f23caaeb30a','2026-11-30 22:14:15.601619','2026-11-30 22:14:15.614000','web-firewall','["phase:quick-wins", "job:network"]','{}','82befb31-529d-4e7e-ba10-eac3f92d7259','Makes a plan by which the **web ACLs in AWS** before the company''s gateways do w',NULL,'{}',NULL,'203e8ac87027d08b8297246661e3d85e','{}',NULL,'flows.web_firewall.web_firewall',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','c2a9b3a7-fcea-49c8-8323-1c48c05f0fca','{"prefect.flow.id": "82befb31-529d-4e7e-ba10-eac3f92d7259"}',NULL);
INSERT INTO "deployment" VALUES('1bfcdc89-8969-48a2-8658-f342636a4b88','2026-11-30 22:14:15.766002','2026-11-30 22:14:15.779000','segmentation','["phase:quick-wins", "job:network"]','{}','d6ee64ba-bad6-4a41-9641-d86ba5d5d749','Makes a plan that closes **what joins production and non-production**: remote si',NULL,'{}',NULL,'bf8fc5e77e15077b46daf1354e5b5635','{}',NULL,'flows.segmentation.segmentation',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','2ff97f0f-1645-4a07-94b7-7e454f3f7f45','{"prefect.flow.id": "d6ee64ba-bad6-4a41-9641-d86ba5d5d749"}',NULL);
INSERT INTO "deployment" VALUES('a3780f10-183c-4b20-a77d-44ceb178d91f','2026-11-30 22:14:15.943237','2026-11-30 22:14:15.956000','exposed-secrets','["phase:quick-wins", "job:credentials"]','{}','076201a1-cb14-4724-9e46-2bd890e68198','Finds **secrets outside of the secrets manager** and makes a plan to move them: ',NULL,'{}',NULL,'ace8e2fccfa4200ca7f4496ce0a40621','{}',NULL,'flows.credentials.exposed_secrets',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','79da6b8a-66c8-49eb-ba5e-d5a4dc6a53ad','{"prefect.flow.id": "076201a1-cb14-4724-9e46-2bd890e68198"}',NULL);
INSERT INTO "deployment" VALUES('c2ad15a7-33d5-416c-a8bf-3fa365c582b4','2026-11-30 22:14:16.130201','2026-11-30 22:14:16.160000','credential-calendar-weekly','["phase:continuous", "job:credentials"]','{}','a2fdfd74-ba92-49db-9c04-2520d5b1dbf7','The **credential calendar** of all orgs: what expires when, who uses it, and wha',NULL,'{}',NULL,'ace8e2fccfa4200ca7f4496ce0a40621','{}',NULL,'flows.credentials.credential_calendar',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','fa88249d-a39d-4332-a80b-e958afceb004','{"prefect.flow.id": "a2fdfd74-ba92-49db-9c04-2520d5b1dbf7"}',NULL);
INSERT INTO "deployment" VALUES('c7bdc90a-6c0d-49be-aab7-da366d89d6b2','2026-11-30 22:14:16.303604','2026-11-30 22:14:16.316000','allow-listing','["phase:quick-wins", "job:allow-listing"]','{}','40fe9a9a-b5b8-4323-a859-864d43a2866a','Makes a plan by which **integrations and administrators come from the policy''s n',NULL,'{}',NULL,'037a22360d7a3ed9ba7a74238653d2c8','{}',NULL,'flows.allow_listing.allow_listing',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','74389a4e-b0c2-4583-be74-c7a7c22ffc88','{"prefect.flow.id": "40fe9a9a-b5b8-4323-a859-864d43a2866a"}',NULL);
INSERT INTO "deployment" VALUES('e3eaf0d3-3c7b-4a2f-a9ae-b18be3c21d3c','2026-11-30 22:14:16.443268','2026-11-30 22:14:16.456000','advanced','["phase:advanced", "job:all"]','{}','0be8eaf1-0fc5-406a-839f-5453a68a8d69','Makes **the plans of the advanced controls, one after another**. It changes no o',NULL,'{}',NULL,'a7b9f85079ec729376986e3ead994975','{}',NULL,'flows.advanced.advanced',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','32e96069-2ee4-4653-a636-9035fdebc438','{"prefect.flow.id": "0be8eaf1-0fc5-406a-839f-5453a68a8d69"}',NULL);
INSERT INTO "deployment" VALUES('26c3e35a-141b-45d1-b538-0030008251bc','2026-11-30 22:14:16.582440','2026-11-30 22:14:16.595000','mutual-tls','["phase:advanced", "job:mutual-tls"]','{}','1dc23155-bcd7-4c1f-9003-ddafecf11fdb','Makes a plan with **the next step of each route towards its own client certifica',NULL,'{}',NULL,'c30f81b3f299266c7c6747541db9a45b','{}',NULL,'flows.mutual_tls.mutual_tls',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','ac7a0cc6-7783-4182-b64c-1ed2256ece1c','{"prefect.flow.id": "1dc23155-bcd7-4c1f-9003-ddafecf11fdb"}',NULL);
INSERT INTO "deployment" VALUES('26fa90d1-8e18-410b-8bad-4370771ade1c','2026-11-30 22:14:16.765462','2026-11-30 22:14:16.797000','check-certificates-daily','["phase:continuous", "job:mutual-tls"]','{}','30f8dccc-7290-4612-8c9e-4718a8638b45','Looks at **every client certificate**: listed in orgs, held by orgs, and in secr',NULL,'{}',NULL,'71e38c146fb45aba0bf2e6e7dc88ec17','{}',NULL,'flows.certificates.check_certificates',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "CANCEL_NEW", "grace_period_seconds": 120}','ad9c8c57-76f6-40af-9acd-42bf092e9373','{"prefect.flow.id": "30f8dccc-7290-4612-8c9e-4718a8638b45"}',NULL);
INSERT INTO "deployment" VALUES('06a36cb1-8636-4db8-bbf8-414366378088','2026-11-30 22:14:16.946803','2026-11-30 22:14:16.959000','prove-mutual-tls','["phase:advanced", "job:mutual-tls"]','{}','f4ee68d1-f998-4670-bacb-8b84854f9280','**Tries every way in** as the user of each route, with real handshakes on ports ',NULL,'{}',NULL,'67375785e0bcf2222da1482bbb90a8b9','{}',NULL,'flows.handshakes.prove_mutual_tls',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','232cf866-75e4-4e6d-ac59-13776a1a6311','{"prefect.flow.id": "f4ee68d1-f998-4670-bacb-8b84854f9280"}',NULL);
INSERT INTO "deployment" VALUES('9e5ccfc5-1539-4cf9-8ff3-221bacf81a1c','2026-11-30 22:14:17.116429','2026-11-30 22:14:17.150000','rotate-credentials-hourly','["phase:continuous", "job:rotation"]','{}','27422f23-b4b3-410d-a9b9-da5b9ce75e98','Goes on with **every registered credential**: makes the next one when it is old ',NULL,'{}',NULL,'2f005f58f52bb1f2a7a6f28f3e080e3c','{}',NULL,'flows.rotation.rotate_credentials',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','357db1d7-096f-47ea-b561-f047fd6a46a3','{"prefect.flow.id": "27422f23-b4b3-410d-a9b9-da5b9ce75e98"}',NULL);
INSERT INTO "deployment" VALUES('339a16a1-46b8-4088-aa1e-6114b17d12a0','2026-11-30 22:14:17.336505','2026-11-30 22:14:17.349000','credential-rotation','["phase:quick-wins", "job:rotation"]','{}','912efd2f-4033-4bfd-97fe-106595489d2d','Makes a plan that rotates credentials **now**. It changes nothing.

* Next: **ap',NULL,'{}',NULL,'2f005f58f52bb1f2a7a6f28f3e080e3c','{}',NULL,'flows.rotation.credential_rotation',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','3d24816e-c868-4929-9d50-8c9d71db44d0','{"prefect.flow.id": "912efd2f-4033-4bfd-97fe-106595489d2d"}',NULL);
INSERT INTO "deployment" VALUES('71e857b4-1b62-4696-a8e2-5b9ddfa1f60a','2026-11-30 22:14:17.499784','2026-11-30 22:14:17.512000','sync-route','["phase:advanced", "job:sync"]','{}','0532e35d-370c-43a8-9c86-10db8031572c','Carries the **changed records of one route** from its source org to its target o',NULL,'{}',NULL,'622f7b462c4cbed564013444266ea847','{}',NULL,'flows.sync.sync_route',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',8,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','f0852bea-a912-4f8d-97f7-b9279d28a46d','{"prefect.flow.id": "0532e35d-370c-43a8-9c86-10db8031572c"}',NULL);
INSERT INTO "deployment" VALUES('b7686ad9-70ab-4d4e-b0ac-91c7a1273a98','2026-11-30 22:14:17.683551','2026-11-30 22:14:17.714000','back-up-orgs-daily','["phase:continuous", "job:backups"]','{}','10d0343d-f09c-4603-97bc-6eabb918663d','Backs up orgs: **records by Bulk API 2.0, components by retrieve**, sealed with ',NULL,'{}',NULL,'ec48644e8ac20936495959a7755e1610','{}',NULL,'flows.backups.back_up_orgs',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','08ffbb4a-a366-4d37-b42a-e7bf2c3193bf','{"prefect.flow.id": "10d0343d-f09c-4603-97bc-6eabb918663d"}',NULL);
INSERT INTO "deployment" VALUES('9959631c-2639-4768-8f48-affc4977b0d1','2026-11-30 22:14:17.885066','2026-11-30 22:14:17.916000','verify-backups-weekly','["phase:continuous", "job:backups"]','{}','42447b8b-1c5b-437b-9e26-b12672fc0cc7','Checks backups **where they lie**: signatures, the chain that each org''s ledger ',NULL,'{}',NULL,'ec48644e8ac20936495959a7755e1610','{}',NULL,'flows.backups.verify_backups',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','a3f2d4df-ccf0-4806-8ea2-f9cc158f0ae7','{"prefect.flow.id": "42447b8b-1c5b-437b-9e26-b12672fc0cc7"}',NULL);
INSERT INTO "deployment" VALUES('34fbf26a-b41a-48e5-9960-cf031c279db9','2026-11-30 22:14:18.090064','2026-11-30 22:14:18.102000','restore-drill','["phase:advanced", "job:backups"]','{}','293ffb41-85ef-47a2-ab97-b1693eb4f093','Restores an org''s backup **into a sandbox**, compares it row by row, and removes',NULL,'{}',NULL,'ec48644e8ac20936495959a7755e1610','{}',NULL,'flows.backups.restore_drill',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','0fc079a0-469f-48ed-89d8-fc3157300253','{"prefect.flow.id": "293ffb41-85ef-47a2-ab97-b1693eb4f093"}',NULL);
INSERT INTO "deployment" VALUES('4e0daad0-8981-4fb3-9599-f60c1c0791a0','2026-11-30 22:14:18.302819','2026-11-30 22:14:18.316000','mask-sandbox','["phase:advanced", "job:masking"]','{}','6ea3f724-8913-461c-aed3-2cc20f475b0a','Makes a plan that puts **made-up people in the place of real ones** in a sandbox',NULL,'{}',NULL,'d124b407c9dbc78d8ce6c56cb282f80c','{}',NULL,'flows.masking.mask_sandbox',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','b2a0d25c-44e4-49c4-b318-51979a52565d','{"prefect.flow.id": "6ea3f724-8913-461c-aed3-2cc20f475b0a"}',NULL);
INSERT INTO "deployment" VALUES('eaeedd59-5703-4735-8c57-a27941390e69','2026-11-30 22:14:18.557094','2026-11-30 22:14:18.579000','scan-sandbox','["phase:advanced", "job:masking"]','{}','b5276822-0802-4764-b931-327fa807885d','Looks at **every text of every record of a sandbox** for data of real people. It',NULL,'{}',NULL,'d124b407c9dbc78d8ce6c56cb282f80c','{}',NULL,'flows.masking.scan_sandbox',NULL,NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','8d15e0e7-c3fe-4f4c-90c3-f1edb3a39e53','{"prefect.flow.id": "b5276822-0802-4764-b931-327fa807885d"}',NULL);
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
INSERT INTO "deployment_schedule" VALUES('c6d0976f-b193-4bd7-a0fe-e43e261bede5','2026-11-30 22:14:11.928143','2026-11-30 22:14:11.928152','{"cron": "0 3 * * 1", "timezone": "UTC", "day_or": true}',1,'99cd7cdc-4cfc-43a3-9dc5-3b9211cfe2da',NULL,'{}','weekly');
INSERT INTO "deployment_schedule" VALUES('88ae217d-d5f7-4583-9700-50236d2bb951','2026-11-30 22:14:14.275409','2026-11-30 22:14:14.275419','{"cron": "20 * * * *", "timezone": "UTC", "day_or": true}',1,'0ae53fab-03e5-4657-8379-76a0651e4984',NULL,'{}','hourly');
INSERT INTO "deployment_schedule" VALUES('5f6157e9-ea8b-4c7d-b834-cb326a224de2','2026-11-30 22:14:15.071042','2026-11-30 22:14:15.071053','{"cron": "* * * * *", "timezone": "UTC", "day_or": true}',1,'03b39ade-2f36-4cc3-be5c-3ac38d01e73b',NULL,'{}','every-minute');
INSERT INTO "deployment_schedule" VALUES('9414bb94-ce00-4d80-82df-aac03df273dd','2026-11-30 22:14:15.255627','2026-11-30 22:14:15.255636','{"cron": "40 9 * * *", "timezone": "UTC", "day_or": true}',1,'6d3ddc9a-a1d1-4daf-be3c-0dc071ebfdb1',NULL,'{}','daily');
INSERT INTO "deployment_schedule" VALUES('84a0435e-ea6e-44c9-a51d-c6ab3c5ac8d0','2026-11-30 22:14:15.433899','2026-11-30 22:14:15.433909','{"cron": "*/10 * * * *", "timezone": "UTC", "day_or": true}',1,'d9beb1dd-28f3-47a8-9cdd-f55e91c1cdf6',NULL,'{}','every-10-minutes');
INSERT INTO "deployment_schedule" VALUES('1e582a5d-83e6-4b9e-9617-3d52c625f668','2026-11-30 22:14:16.143034','2026-11-30 22:14:16.143043','{"cron": "30 6 * * 1", "timezone": "UTC", "day_or": true}',1,'c2ad15a7-33d5-416c-a8bf-3fa365c582b4',NULL,'{}','weekly');
INSERT INTO "deployment_schedule" VALUES('496d2e95-225c-4a26-88b8-0294d42ad24b','2026-11-30 22:14:16.779199','2026-11-30 22:14:16.779208','{"cron": "30 4 * * *", "timezone": "UTC", "day_or": true}',1,'26fa90d1-8e18-410b-8bad-4370771ade1c',NULL,'{}','daily');
INSERT INTO "deployment_schedule" VALUES('59444f23-128d-4c0d-b515-a130c2162fc9','2026-11-30 22:14:17.132171','2026-11-30 22:14:17.132181','{"cron": "35 * * * *", "timezone": "UTC", "day_or": true}',1,'9e5ccfc5-1539-4cf9-8ff3-221bacf81a1c',NULL,'{}','hourly');
INSERT INTO "deployment_schedule" VALUES('ddc96dda-61f3-4a6e-be49-b5690dae24bf','2026-11-30 22:14:17.696785','2026-11-30 22:14:17.696794','{"cron": "15 2 * * *", "timezone": "UTC", "day_or": true}',1,'b7686ad9-70ab-4d4e-b0ac-91c7a1273a98',NULL,'{}','daily');
INSERT INTO "deployment_schedule" VALUES('2dd4e95f-93fb-4e4c-84dc-40ebfbd74e24','2026-11-30 22:14:17.898383','2026-11-30 22:14:17.898424','{"cron": "45 5 * * 0", "timezone": "UTC", "day_or": true}',1,'9959631c-2639-4768-8f48-affc4977b0d1',NULL,'{}','weekly');
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
INSERT INTO "flow" VALUES('09776ef6-756b-4b49-ab19-d5d079080cbf','2026-11-30 22:14:11.869014','2026-11-30 22:14:11.869026','assessment','[]','{}');
INSERT INTO "flow" VALUES('39e3a843-5e15-4e11-826c-ff9e39f5b3b4','2026-11-30 22:14:12.190085','2026-11-30 22:14:12.190098','quick-wins','[]','{}');
INSERT INTO "flow" VALUES('abc20098-7dc9-483e-8be3-38e4f23e1ae1','2026-11-30 22:14:12.537606','2026-11-30 22:14:12.537619','least-privilege','[]','{}');
INSERT INTO "flow" VALUES('29157869-f157-45a1-bd72-a6d31a67a2b5','2026-11-30 22:14:12.840478','2026-11-30 22:14:12.840488','second-factors','[]','{}');
INSERT INTO "flow" VALUES('25d43164-29cb-4e17-9d41-7e7dec3e604a','2026-11-30 22:14:13.071099','2026-11-30 22:14:13.071111','oauth-flows','[]','{}');
INSERT INTO "flow" VALUES('66041cca-a125-49cd-98bc-2e32d09838cd','2026-11-30 22:14:13.455789','2026-11-30 22:14:13.455797','approve-plan','[]','{}');
INSERT INTO "flow" VALUES('218d28f6-e1ed-48f1-ab59-3462ee618f2a','2026-11-30 22:14:13.810186','2026-11-30 22:14:13.810193','apply-plan','[]','{}');
INSERT INTO "flow" VALUES('f8c20c0d-24ba-43a5-acb0-3c9a8af24540','2026-11-30 22:14:13.993406','2026-11-30 22:14:13.993415','rollback-plan','[]','{}');
INSERT INTO "flow" VALUES('fc4cf5ea-6543-40f7-b58e-6e3b54a39f48','2026-11-30 22:14:14.240435','2026-11-30 22:14:14.240443','keep-evidence','[]','{}');
INSERT INTO "flow" VALUES('3212bab1-04ca-4c7e-9ac5-c608a382e714','2026-11-30 22:14:14.458811','2026-11-30 22:14:14.458820','request-access','[]','{}');
INSERT INTO "flow" VALUES('2fc9bb60-c395-4311-aec6-475e9a17cb47','2026-11-30 22:14:14.695821','2026-11-30 22:14:14.695829','approve-access','[]','{}');
INSERT INTO "flow" VALUES('47c9b50b-19ea-4de4-a95f-00ba64f15707','2026-11-30 22:14:14.832748','2026-11-30 22:14:14.832760','end-access','[]','{}');
INSERT INTO "flow" VALUES('230a08fc-7fc3-47ab-9ddd-22b80b8d1d97','2026-11-30 22:14:15.009669','2026-11-30 22:14:15.009678','sweep-access','[]','{}');
INSERT INTO "flow" VALUES('0bc7cc18-8083-4aba-aab2-87b3b3059008','2026-11-30 22:14:15.214882','2026-11-30 22:14:15.214891','review-access','[]','{}');
INSERT INTO "flow" VALUES('389124b8-4e3b-4781-b07e-ad5f0d895fa7','2026-11-30 22:14:15.395542','2026-11-30 22:14:15.395551','watch-plans','[]','{}');
INSERT INTO "flow" VALUES('82befb31-529d-4e7e-ba10-eac3f92d7259','2026-11-30 22:14:15.586787','2026-11-30 22:14:15.586796','web-firewall','[]','{}');
INSERT INTO "flow" VALUES('d6ee64ba-bad6-4a41-9641-d86ba5d5d749','2026-11-30 22:14:15.746497','2026-11-30 22:14:15.746505','segmentation','[]','{}');
INSERT INTO "flow" VALUES('076201a1-cb14-4724-9e46-2bd890e68198','2026-11-30 22:14:15.927290','2026-11-30 22:14:15.927299','exposed-secrets','[]','{}');
INSERT INTO "flow" VALUES('a2fdfd74-ba92-49db-9c04-2520d5b1dbf7','2026-11-30 22:14:16.109055','2026-11-30 22:14:16.109065','credential-calendar','[]','{}');
INSERT INTO "flow" VALUES('40fe9a9a-b5b8-4323-a859-864d43a2866a','2026-11-30 22:14:16.283366','2026-11-30 22:14:16.283375','allow-listing','[]','{}');
INSERT INTO "flow" VALUES('0be8eaf1-0fc5-406a-839f-5453a68a8d69','2026-11-30 22:14:16.427358','2026-11-30 22:14:16.427367','advanced','[]','{}');
INSERT INTO "flow" VALUES('1dc23155-bcd7-4c1f-9003-ddafecf11fdb','2026-11-30 22:14:16.567243','2026-11-30 22:14:16.567252','mutual-tls','[]','{}');
INSERT INTO "flow" VALUES('30f8dccc-7290-4612-8c9e-4718a8638b45','2026-11-30 22:14:16.736337','2026-11-30 22:14:16.736345','check-certificates','[]','{}');
INSERT INTO "flow" VALUES('f4ee68d1-f998-4670-bacb-8b84854f9280','2026-11-30 22:14:16.932652','2026-11-30 22:14:16.932662','prove-mutual-tls','[]','{}');
INSERT INTO "flow" VALUES('27422f23-b4b3-410d-a9b9-da5b9ce75e98','2026-11-30 22:14:17.093975','2026-11-30 22:14:17.093985','rotate-credentials','[]','{}');
INSERT INTO "flow" VALUES('912efd2f-4033-4bfd-97fe-106595489d2d','2026-11-30 22:14:17.314096','2026-11-30 22:14:17.314106','credential-rotation','[]','{}');
INSERT INTO "flow" VALUES('0532e35d-370c-43a8-9c86-10db8031572c','2026-11-30 22:14:17.482012','2026-11-30 22:14:17.482021','sync-route','[]','{}');
INSERT INTO "flow" VALUES('10d0343d-f09c-4603-97bc-6eabb918663d','2026-11-30 22:14:17.659562','2026-11-30 22:14:17.659571','back-up-orgs','[]','{}');
INSERT INTO "flow" VALUES('42447b8b-1c5b-437b-9e26-b12672fc0cc7','2026-11-30 22:14:17.852360','2026-11-30 22:14:17.852369','verify-backups','[]','{}');
INSERT INTO "flow" VALUES('293ffb41-85ef-47a2-ab97-b1693eb4f093','2026-11-30 22:14:18.075727','2026-11-30 22:14:18.075735','restore-drill','[]','{}');
INSERT INTO "flow" VALUES('6ea3f724-8913-461c-aed3-2cc20f475b0a','2026-11-30 22:14:18.288108','2026-11-30 22:14:18.288116','mask-sandbox','[]','{}');
INSERT INTO "flow" VALUES('b5276822-0802-4764-b931-327fa807885d','2026-11-30 22:14:18.468966','2026-11-30 22:14:18.468974','scan-sandbox','[]','{}');
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
	CONSTRAINT fk_flow_run__parent_task_run_id__task_run FOREIGN KEY(parent_task_run_id) REFERENCES task_run (id) ON DELETE SET NULL, 
	CONSTRAINT fk_flow_run__infrastructure_document_id__block_document FOREIGN KEY(infrastructure_document_id) REFERENCES block_document (id) ON DELETE CASCADE, 
	CONSTRAINT fk_flow_run__flow_id__flow FOREIGN KEY(flow_id) REFERENCES flow (id) ON DELETE CASCADE, 
	CONSTRAINT fk_flow_run__state_id__flow_run_state FOREIGN KEY(state_id) REFERENCES flow_run_state (id) ON DELETE SET NULL, 
	CONSTRAINT fk_flow_run__work_queue_id__work_queue FOREIGN KEY(work_queue_id) REFERENCES work_queue (id) ON DELETE SET NULL
);
INSERT INTO "flow_run" VALUES('ed20ef1b-e95f-4df1-974e-9f10f90ded25','2026-11-30 22:14:18.833393','2026-11-30 22:14:18.921000','over-assessment-weekly','COMPLETED',0,'2026-11-30 22:14:18.735336',NULL,'2026-11-30 22:14:18.894966','2026-11-30 22:14:18.894966','1970-01-01 00:00:00.000000',NULL,'{"orgs": ["emea", "hq"]}',NULL,'{}','{"max_retries": 0, "retry_delay_seconds": 0.0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false, "retry_type": null}','["job:assessment", "phase:assessment"]',0,'09776ef6-756b-4b49-ab19-d5d079080cbf','99cd7cdc-4cfc-43a3-9dc5-3b9211cfe2da',NULL,'01a22e85-ee0e-77ec-896f-b67a15b9e2b2','Completed',NULL,NULL,'2026-11-30 22:14:18.894966',NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','{}','f377fee257f9ab240e7d162fb12b1277','{"prefect.flow.id": "09776ef6-756b-4b49-ab19-d5d079080cbf", "prefect.deployment.id": "99cd7cdc-4cfc-43a3-9dc5-3b9211cfe2da"}');
INSERT INTO "flow_run" VALUES('e94298b8-0733-4e23-8aa2-3577e3f25432','2026-11-30 22:14:18.989207','2026-11-30 22:14:19.045000','ahead-assessment-weekly','SCHEDULED',0,'2100-01-01 12:00:00.000000','2100-01-01 12:00:00.000000',NULL,NULL,'1970-01-01 00:00:00.000000',NULL,'{"orgs": ["emea", "hq"]}',NULL,'{}','{"max_retries": 0, "retry_delay_seconds": 0.0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false, "retry_type": null}','["job:assessment", "phase:assessment"]',0,'09776ef6-756b-4b49-ab19-d5d079080cbf','99cd7cdc-4cfc-43a3-9dc5-3b9211cfe2da',NULL,'01a22e85-ee6c-7a46-a650-e2dbb0a01b35','Scheduled',NULL,NULL,'2026-11-30 22:14:18.988967',NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','{}','f377fee257f9ab240e7d162fb12b1277','{"prefect.flow.id": "09776ef6-756b-4b49-ab19-d5d079080cbf", "prefect.deployment.id": "99cd7cdc-4cfc-43a3-9dc5-3b9211cfe2da"}');
INSERT INTO "flow_run" VALUES('164ae928-792c-411d-877f-e566c79fe65e','2026-11-30 22:14:19.136671','2026-11-30 22:14:19.202000','over-request-access','COMPLETED',0,'2026-11-30 22:14:19.074045',NULL,'2026-11-30 22:14:19.185084','2026-11-30 22:14:19.185084','1970-01-01 00:00:00.000000',NULL,'{"org": "emea", "username": "sync@emea.example", "permission_set": "Sync_Account", "hours": 1, "reason": "a case of a customer''s", "requester": "ada@acme.example"}',NULL,'{}','{"max_retries": 0, "retry_delay_seconds": 0.0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false, "retry_type": null}','["job:access", "phase:advanced"]',0,'3212bab1-04ca-4c7e-9ac5-c608a382e714','53a9c359-1727-4e1c-ab65-52f120e23f4f',NULL,'01a22e85-ef31-7205-9112-441d76c21c9c','Completed',NULL,NULL,'2026-11-30 22:14:19.185084',NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','{}','53aff46a61d1dfb1226e4b213563b981','{"prefect.flow.id": "3212bab1-04ca-4c7e-9ac5-c608a382e714", "prefect.deployment.id": "53a9c359-1727-4e1c-ab65-52f120e23f4f"}');
INSERT INTO "flow_run" VALUES('00e5ebbc-0737-46c3-a67c-8cb075e19aa9','2026-11-30 22:14:19.287341','2026-11-30 22:14:19.305000','ahead-request-access','SCHEDULED',0,'2100-01-01 12:00:00.000000','2100-01-01 12:00:00.000000',NULL,NULL,'1970-01-01 00:00:00.000000',NULL,'{"org": "emea", "username": "sync@emea.example", "permission_set": "Sync_Account", "hours": 1, "reason": "a case of a customer''s", "requester": "ada@acme.example"}',NULL,'{}','{"max_retries": 0, "retry_delay_seconds": 0.0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false, "retry_type": null}','["job:access", "phase:advanced"]',0,'3212bab1-04ca-4c7e-9ac5-c608a382e714','53a9c359-1727-4e1c-ab65-52f120e23f4f',NULL,'01a22e85-ef97-7fa0-af0b-0cdf7ed6819d','Scheduled',NULL,NULL,'2026-11-30 22:14:19.287089',NULL,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','{}','53aff46a61d1dfb1226e4b213563b981','{"prefect.flow.id": "3212bab1-04ca-4c7e-9ac5-c608a382e714", "prefect.deployment.id": "53a9c359-1727-4e1c-ab65-52f120e23f4f"}');
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
	CONSTRAINT fk_flow_run_state__result_artifact_id__artifact FOREIGN KEY(result_artifact_id) REFERENCES artifact (id) ON DELETE SET NULL, 
	CONSTRAINT fk_flow_run_state__flow_run_id__flow_run FOREIGN KEY(flow_run_id) REFERENCES flow_run (id) ON DELETE CASCADE
);
INSERT INTO "flow_run_state" VALUES('01a22e85-edd1-7616-892e-273c9d054e1e','2026-11-30 22:14:18.859831','2026-11-30 22:14:18.859841','SCHEDULED','2026-11-30 22:14:18.833119','Scheduled',NULL,'{"flow_run_id": "ed20ef1b-e95f-4df1-974e-9f10f90ded25", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": "2026-11-30T22:14:18.735336Z", "cache_key": null, "cache_expiration": null, "deferred": false, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": null, "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'ed20ef1b-e95f-4df1-974e-9f10f90ded25',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e85-ee0e-77ec-896f-b67a15b9e2b2','2026-11-30 22:14:18.915626','2026-11-30 22:14:18.915636','COMPLETED','2026-11-30 22:14:18.894966','Completed',NULL,'{"flow_run_id": "ed20ef1b-e95f-4df1-974e-9f10f90ded25", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": null, "cache_key": null, "cache_expiration": null, "deferred": null, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": "4731cc54-f307-497e-bfa9-14cccfab5a2d", "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'ed20ef1b-e95f-4df1-974e-9f10f90ded25',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e85-ee6c-7a46-a650-e2dbb0a01b35','2026-11-30 22:14:19.040651','2026-11-30 22:14:19.040661','SCHEDULED','2026-11-30 22:14:18.988967','Scheduled',NULL,'{"flow_run_id": "e94298b8-0733-4e23-8aa2-3577e3f25432", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": "2100-01-01T12:00:00Z", "cache_key": null, "cache_expiration": null, "deferred": false, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": null, "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'e94298b8-0733-4e23-8aa2-3577e3f25432',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e85-ef00-792c-a0cf-a6a35457244e','2026-11-30 22:14:19.152266','2026-11-30 22:14:19.152277','SCHEDULED','2026-11-30 22:14:19.136426','Scheduled',NULL,'{"flow_run_id": "164ae928-792c-411d-877f-e566c79fe65e", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": "2026-11-30T22:14:19.074045Z", "cache_key": null, "cache_expiration": null, "deferred": false, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": null, "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'164ae928-792c-411d-877f-e566c79fe65e',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e85-ef31-7205-9112-441d76c21c9c','2026-11-30 22:14:19.201824','2026-11-30 22:14:19.201833','COMPLETED','2026-11-30 22:14:19.185084','Completed',NULL,'{"flow_run_id": "164ae928-792c-411d-877f-e566c79fe65e", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": null, "cache_key": null, "cache_expiration": null, "deferred": null, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": "13dc16e0-f911-4cfe-9370-a092658eb51e", "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'164ae928-792c-411d-877f-e566c79fe65e',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e85-ef97-7fa0-af0b-0cdf7ed6819d','2026-11-30 22:14:19.302410','2026-11-30 22:14:19.302420','SCHEDULED','2026-11-30 22:14:19.287089','Scheduled',NULL,'{"flow_run_id": "00e5ebbc-0737-46c3-a67c-8cb075e19aa9", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": "2100-01-01T12:00:00Z", "cache_key": null, "cache_expiration": null, "deferred": false, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": null, "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'00e5ebbc-0737-46c3-a67c-8cb075e19aa9',NULL);
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
INSERT INTO "variable" VALUES('50be07c7-c192-41e0-ad94-4294785b3e64','2026-11-30 22:14:19.564720','2026-11-30 22:14:19.564734','our_own','[]','["of", "a", "person"]');
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
INSERT INTO "work_pool" VALUES('d375d8af-da48-4445-a9e3-fd602fe2aa52','2026-11-30 22:14:11.295284','2026-11-30 22:14:11.308000','bulkhead',NULL,'process','{"job_configuration": {"command": "{{ command }}", "env": "{{ env }}", "labels": "{{ labels }}", "name": "{{ name }}", "stream_output": "{{ stream_output }}", "working_dir": "{{ working_dir }}"}, "variables": {"properties": {"name": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Name given to infrastructure created by a worker.", "title": "Name"}, "env": {"additionalProperties": {"anyOf": [{"type": "string"}, {"type": "null"}]}, "description": "Environment variables to set when starting a flow run.", "title": "Environment Variables", "type": "object"}, "labels": {"additionalProperties": {"type": "string"}, "description": "Labels applied to infrastructure created by a worker.", "title": "Labels", "type": "object"}, "command": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "The command to use when starting a flow run. In most cases, this should be left blank and the command will be automatically generated by the worker.", "title": "Command"}, "stream_output": {"default": true, "description": "If enabled, workers will stream output from flow run processes to local standard output.", "title": "Stream Output", "type": "boolean"}, "working_dir": {"anyOf": [{"format": "path", "type": "string"}, {"type": "null"}], "default": null, "description": "If provided, workers will open flow run processes within the specified path as the working directory. Otherwise, a temporary directory will be created.", "title": "Working Directory"}}, "type": "object"}}',0,NULL,'85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','NOT_READY',NULL,NULL,'{"bundle_upload_step": null, "bundle_execution_step": null, "default_result_storage_block_id": null}');
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
INSERT INTO "work_queue" VALUES('85d96a2c-2423-4b0e-a70b-e903fa4fb6ce','2026-11-30 22:14:11.300935','2026-11-30 22:14:11.300946','default',NULL,'The work pool''s default queue.',0,NULL,NULL,1,'d375d8af-da48-4445-a9e3-fd602fe2aa52','NOT_READY');
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
CREATE INDEX ix_block_document__name ON block_document (name);
CREATE UNIQUE INDEX uq_block__type_id_name ON block_document (block_type_id, name);
CREATE INDEX ix_block_document__updated ON block_document (updated);
CREATE INDEX ix_block_type__updated ON block_type (updated);
CREATE INDEX ix_block_type_name_case_insensitive ON block_type (name);
CREATE UNIQUE INDEX uq_block_type__slug ON block_type (slug);
CREATE UNIQUE INDEX uq_concurrency_limit__tag ON concurrency_limit (tag);
CREATE UNIQUE INDEX uq_block_schema__checksum_version ON block_schema (checksum, version);
CREATE INDEX ix_worker__updated ON worker (updated);
CREATE INDEX ix_worker__work_pool_id_last_heartbeat_time ON worker (work_pool_id, last_heartbeat_time);
CREATE INDEX ix_worker__work_pool_id ON worker (work_pool_id);
CREATE INDEX ix_flow_run_state__type ON flow_run_state (type);
CREATE INDEX ix_flow_run_state__name ON flow_run_state (name);
CREATE INDEX ix_flow_run_state__updated ON flow_run_state (updated);
CREATE UNIQUE INDEX uq_flow_run_state__flow_run_id_timestamp_desc ON flow_run_state (flow_run_id, timestamp);
CREATE INDEX ix_flow_run_state__result_artifact_id ON flow_run_state (result_artifact_id);
CREATE INDEX ix_task_run_state__type ON task_run_state (type);
CREATE INDEX ix_task_run_state__updated ON task_run_state (updated);
CREATE UNIQUE INDEX uq_task_run_state__task_run_id_timestamp_desc ON task_run_state (task_run_id, timestamp);
CREATE INDEX ix_task_run_state__name ON task_run_state (name);
CREATE INDEX ix_task_run_state__result_artifact_id ON task_run_state (result_artifact_id);
CREATE INDEX ix_work_pool__updated ON work_pool (updated);
CREATE INDEX ix_work_pool__type ON work_pool (type);
CREATE INDEX ix_work_queue__work_pool_id_priority ON work_queue (work_pool_id, priority);
CREATE INDEX ix_work_queue__updated ON work_queue (updated);
CREATE INDEX ix_work_queue__work_pool_id ON work_queue (work_pool_id);
CREATE INDEX ix_artifact__task_run_id ON artifact (task_run_id);
CREATE INDEX ix_artifact__flow_run_id ON artifact (flow_run_id);
CREATE INDEX ix_artifact__updated ON artifact (updated);
CREATE INDEX ix_flow_run__work_queue_name ON flow_run (work_queue_name);
CREATE INDEX ix_flow_run__state_timestamp ON flow_run (state_timestamp);
CREATE INDEX ix_flow_run__expected_start_time_desc ON flow_run (expected_start_time);
CREATE INDEX ix_flow_run_name_case_insensitive ON flow_run (name);
CREATE INDEX ix_flow_run__parent_task_run_id ON flow_run (parent_task_run_id);
CREATE INDEX ix_flow_run__infrastructure_document_id ON flow_run (infrastructure_document_id);
CREATE INDEX ix_flow_run__state_type ON flow_run (state_type);
CREATE INDEX ix_flow_run__end_time_desc ON flow_run (end_time);
CREATE INDEX ix_flow_run__name ON flow_run (name);
CREATE UNIQUE INDEX uq_flow_run__flow_id_idempotency_key ON flow_run (flow_id, idempotency_key);
CREATE INDEX ix_flow_run__updated ON flow_run (updated);
CREATE INDEX ix_flow_run__flow_id ON flow_run (flow_id);
CREATE INDEX ix_flow_run__start_time ON flow_run (start_time);
CREATE INDEX ix_flow_run__state_id ON flow_run (state_id);
CREATE INDEX ix_flow_run__next_scheduled_start_time_asc ON flow_run (next_scheduled_start_time);
CREATE INDEX ix_flow_run__work_queue_id ON flow_run (work_queue_id);
CREATE INDEX ix_flow_run__flow_version ON flow_run (flow_version);
CREATE INDEX ix_flow_run__state_name ON flow_run (state_name);
CREATE INDEX ix_artifact__key ON artifact ("key");
CREATE INDEX ix_artifact_collection__key_latest_id ON artifact_collection ("key", latest_id);
CREATE INDEX ix_concurrency_limit_v2__updated ON concurrency_limit_v2 (updated);
CREATE INDEX ix_log__task_run_id ON log (task_run_id);
CREATE INDEX ix_log__updated ON log (updated);
CREATE INDEX ix_log__flow_run_id_timestamp ON log (flow_run_id, timestamp);
CREATE INDEX ix_log__timestamp ON log (timestamp);
CREATE INDEX ix_log__flow_run_id ON log (flow_run_id);
CREATE INDEX ix_log__level ON log (level);
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
CREATE INDEX ix_automation_event_follower__leader_event_id ON automation_event_follower (leader_event_id);
CREATE INDEX ix_automation_event_follower__received ON automation_event_follower (received);
CREATE INDEX ix_automation_event_follower__updated ON automation_event_follower (updated);
CREATE INDEX ix_automation_event_follower__scope ON automation_event_follower (scope);
CREATE UNIQUE INDEX uq_follower_for_scope ON automation_event_follower (scope, follower_event_id);
CREATE INDEX ix_artifact_collection__updated ON artifact_collection (updated);
CREATE INDEX ix_artifact__key_created_desc ON artifact ("key", created DESC);
CREATE INDEX ix_block_document__block_type_name__name ON block_document (block_type_name, name);
CREATE INDEX ix_deployment_name_case_insensitive ON deployment (name);
CREATE INDEX ix_deployment__work_queue_id ON deployment (work_queue_id);
CREATE INDEX ix_deployment__created ON deployment (created);
CREATE INDEX ix_deployment__updated ON deployment (updated);
CREATE INDEX ix_deployment__work_queue_name ON deployment (work_queue_name);
CREATE UNIQUE INDEX uq_deployment__flow_id_name ON deployment (flow_id, name);
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
CREATE INDEX ix_task_run__next_scheduled_start_time_asc ON task_run (next_scheduled_start_time);
CREATE INDEX ix_task_run__state_type ON task_run (state_type);
CREATE UNIQUE INDEX uq_task_run__flow_run_id_task_key_dynamic_key ON task_run (flow_run_id, task_key, dynamic_key);
CREATE INDEX ix_task_run__end_time_desc ON task_run (end_time);
CREATE INDEX ix_task_run_name_case_insensitive ON task_run (name);
CREATE INDEX ix_task_run__flow_run_id ON task_run (flow_run_id);
CREATE INDEX ix_task_run__state_id ON task_run (state_id);
CREATE INDEX ix_task_run__state_name ON task_run (state_name);
CREATE INDEX ix_task_run__expected_start_time_desc ON task_run (expected_start_time);
CREATE INDEX ix_task_run__name ON task_run (name);
CREATE INDEX ix_task_run__state_timestamp ON task_run (state_timestamp);
CREATE INDEX ix_task_run__updated ON task_run (updated);
CREATE INDEX ix_task_run__start_time ON task_run (start_time);
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
