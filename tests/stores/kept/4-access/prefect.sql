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
INSERT INTO "block_document" VALUES('8da86167-331e-4974-9a72-48f1b16740e1','2026-11-30 22:18:32.536025','2026-11-30 22:18:32.536034','hq','"gAAAAABrDfY4h5yP4cYKZpK-JJmxvoeQ8s9ELjlX5oZpQ_OSh2NKV_t5V0-IGdS-guD8JF0IW9MRjSNVX3WgFUqlYCtxzZrcmcBffJyT-wYI4uwq3oKXx0sC4lbuVtqe5DE3zMDYaf_HFl0ncwlfwCK3aYn7R-worfhRGKbNaEEaT_y-u8DqpKZI3S7Vdp1teylaXLvfZXvjxl_H8yTXKaNAdmQ641bjay-LsDKL3NWn7q3A_8fc56OK6cwGVL2aG8Daac4688X3_azk-JTbhXFIadI8JYaVmsNF66IBjm51y4XgQu_qvgGEnLZh7Vz6XBTCuNWlCC3CzsF-yXcKeQdkqwflGV5mJI_PSNNhj8478oojGV_kHF6aZXTZ_iA4Q1HELQDDgjNS4H672CF1mQdbRoBLhMiU9ecDgE8jttbN_qzhbsIjD2dlvnJZXN4cxeN4EmApH6FPBb88WAMk9EOpbHTi2aRL3scX4DcJguCnPGPmdSrDZqmZmje-y4B01WhXc9Y5OMwGUZhRXciroJ_Ly9LmWLuJCHzKb8keTJfwecV2d63q6bz_9QBtXPTXZE4MeF62bniCJggQULBBHeulVvdXBoFntSYWUFCAz4QeEofJvbwNmSgabW74PlOb4Me0PG8qwE8eNaj_6lXo2btHlYY2vniggw=="','042064ba-84b1-49a8-ac24-011b3c0fe134','1fec47d0-22d0-40e7-8381-13f5a7684d5d',0,'Salesforce Org');
INSERT INTO "block_document" VALUES('1c5188ec-ce8a-4e13-838f-7e61739572c8','2026-11-30 22:18:32.811823','2026-11-30 22:18:32.811832','emea','"gAAAAABrDfY48WrRke62LBmjEAjQVytD7Aj_GLDDdsLhIWB2LVPPejpl0iBWWWbdTfM4efY4ykP7iGt8oB94gLOLtR5wNjIoxe-xsFWampbl2dDiAaubFLTDuGytFj9hzd0FhVdCoIRL8p-lHjrDfOEENTNjzH20AVgAz3Q8ClkI1l28g83Ai3l8f-iqTJ1dBIM9q1Mq92FHnRYAAPY-twQ4UU1a6MXTfmAFxw0mYGonurLgVFLrGPPopY5jFup7gGQea9C2J1tcDerh2PjSAN-GSQIqwhWnMxdmlKR6c-zbgT5WeMBcTdlNErNdpi3pRcA64lYuaoN0hEWlKMuKVE_1r_E_8A0oIgqUVkflMmR4fDIGucw1inap9BSP5iPVBBDZ2tN91OkBSHJXSbLAm4mRwZ0Sssju2HcpzzB5MUynZRFoF91aV4ndYhey__T5n65Oab1_98WVji1cnrl2mJjcFy3CISSuzIf_rOahgG0wOevbPP4nRyZy89waccdwWUybIK9wxVceB1aOxGv2T388Jp6xRIz6FE2rSI96NOf40Qe8As4u8gRT7HBEn1T3X_ciorCAPQoU0OpV0PDTCoblz_9SpSQk9TFJs2q_qGtuHchX82qFb-2pVFHwkt-KIl9cAYqbbhTMWZfYupruh0BsLjMLFKqamyZN5_knPbeXZ0NOI-1aDeA="','042064ba-84b1-49a8-ac24-011b3c0fe134','1fec47d0-22d0-40e7-8381-13f5a7684d5d',0,'Salesforce Org');
INSERT INTO "block_document" VALUES('9938e042-a808-4168-b952-61f9a84b3f4c','2026-11-30 22:18:33.091568','2026-11-30 22:18:33.091585','hq-uat','"gAAAAABrDfY5h6gc1LW4GOlnTELOv7M4vDnV17zcEwyJeL8atga45Brhkdj5xnNZBzMRmFx_PoGSwqn_2MNblXq7J3OL4iKeZJWLuqewiaJ0Lf0h0VVfuk-IyyaA4FB05mVSTP_94NRAMy51CXEYQ6FFjpR9GCBsgiCMA3Q_Iam9MpPvhnsH25uVQil0FMTegLPfZgd4o6XbUeonsb-8uKwJtHSQohFXlgj3uOmhoRJ_tUyWtMj-7VZaiNCwX7Tu-L1ygwu9xF5eBkxMwU7jt-DD5icuuhEs_G4fbCiBZxgzl35TSHdjnVkVvlFG2G8ME2BfT3DBjw5L85LXDoxLt8x6XpRdqqYS6ZEeq3KEv8u54Hyy80g4bZXipVZOmVLfZ7UcH4EttRIaxbqeYkgv3KNu2PAB3pmvoq9SYVGcrpAUFkyZQo7QEyCfPOR6CirjDxkqZJfMxNxtI3EiY_17iBEycuW16vndMrrJ8Tx_sMEk5RtMrWwz2TlDzI3pFWBRwfdOBkFNNxMccZmo1cA5kLSkR3cvlz6OybQyrq1oe3uE1jImH41HYt10YtHc-AYpwMJeNsY3cSn30kLPH9aHr2puq4nkQzhdxFAluo822F9nEBcVowM3Sd7C2W3S0g-3DsMomBJ6_Kp7SWsmZkgClec2cz4odX-TkZAX9m0VU2720ErSnj0_RlAnLAwRmjhbNK9mmfsGCPqd"','042064ba-84b1-49a8-ac24-011b3c0fe134','1fec47d0-22d0-40e7-8381-13f5a7684d5d',0,'Salesforce Org');
INSERT INTO "block_document" VALUES('5259e797-fa9f-4581-971c-34b9591848b8','2026-11-30 22:18:33.362647','2026-11-30 22:18:33.362660','bulkhead','"gAAAAABrDfY5o4ZJdkQe_vuujj6ZEUvOav0rvgbnUMpDR9UpJOGlcLPpygOb1u8uz43Dr1lRBLN2XmJAM3_LmcRTd9vHNso8nqjybyQZ-iOj3PSCnClFonFK8TyeKVWnW_SjMlfwiTlRHQcJO0RvI0I9Wen7j1vo-bra9YMGhkNF9GtzSiTEdTx987Zy0paLwFpGu-OvaquBAocYMGad0g6vjUrbfJE-0uDptz9NOsP322Z6Ic5wmUU="','d0488b5e-4239-4605-a599-4c250ae43878','b00f62c3-3f2a-4df9-b755-15de1eb69d31',0,'AWS Secret Store');
INSERT INTO "block_document" VALUES('f4359638-34ed-455b-8da8-131c68e3d826','2026-11-30 22:18:33.657805','2026-11-30 22:18:33.657816','security-slack','"gAAAAABrDfY5HIySgUN-NjFiqtAYQqnIT_N9OmlNoVNQ_8aOH6wNuTDyir1owd1A4PO2JIbwqirdf2Fki88O7QB5BT5w72xC5eap3EGirHoxr446Ky2gVOxvDx4Mos39uX2C9PDU4pXdjKUXZPw1g603_Qk8WYLvtA=="','52403e3e-ef7e-4f5e-829b-db712809f511','a49cc134-90e5-40f9-9d19-7fba6e91ac94',0,'Bulkhead Slack Channel');
INSERT INTO "block_document" VALUES('5302dd3e-1bbf-40eb-a912-0f772254c64e','2026-11-30 22:18:33.858021','2026-11-30 22:18:33.858031','bulkhead','"gAAAAABrDfY5_2q7IA696b-mmuwk2d4ztDFLvABsrL1XNYvZMZZrNLGX87MKBqlrPuQxb66KwA14sWdL3XAHkLWzy_dSf2Xmojfln9AKEfiP5EDlizNxsbDBI80pMZruUTPixwG1zZ7hZv8sLoKfdlyoxrimhQ3dZGukjLGsvvvkDxFV0QFIV5VxIBa8ENtr9jMXEqNkKjQdpwxSLvtj1qWpKi4GZfSJAv6bXi04x7nb2TIOBjvxaf-7HsmWKh8hEHxfFhKfYV-Ziockm34vgDo8ZYd_OxajYohUshGshvf0jkMJ6dQ8_3o="','6bff0248-c909-47d4-9471-882ac3b61b13','0b744241-626f-4d87-b949-406ceed7ead8',0,'Bulkhead Ledger');
INSERT INTO "block_document" VALUES('02c7e55e-2449-4d8f-a24c-f7ee97a24a98','2026-11-30 22:18:34.066343','2026-11-30 22:18:34.066354','bulkhead','"gAAAAABrDfY6OQny5ZEAkO2pyRrfxCuIMrOtyXovgBRIrdfpzDYBGhAZpviQjCxsEhoTL7EKGS6iL74687BZLFrHOoZzLtYIiYGPVJlI2Gc0EOs2Le5Y8VgNLZtgNimNkh4XfY_X_Y5DdGtC_0gm5-zSTiUo4kHz36ICH4D9QH4fdADjhznxSrRRgXLwL-ynonwd5KmvacXVZhJCGYcb7nB9PB1FntXlc5m_BAUBw-_jZiK65csjF0a5LpcXb1F02bhExdEgwr2bhjLaY4ZW8Q6Zn4oK9s3T8nGtVR-v2eBgP7zPdXDjgxhqwhq858HF9PasDbV83Fftjrlry1T5_7DegyQg5Vt7NA1Rs4Hi2Es6PvnNVRNV0jNYIWEaPZjB27pg03_BTmguB82ryuRergcJp42u57RTBKM0Fmmb6S2xPHz-Qw7GGnXGXQgb450jQjkQnSs_SBwTwf6Oy4spw9x5ZGdLURJEgCaCeqzVWVkAK3PuixF7qvRM2JSRS9DR_XjpH6UXiMdMVkJv3dbED8mjiDkzEKZUMUvjSs5JKWSghND6IbYLShZUfoPWmG_ddHDj1a-bL2VH8GbFCvqz_Oyozx_qI3DYFujJsjJXpUqpyoKmR0epK3SYpTqjYFlt4d4S_UTLSxIWltOhrG9FUuWoBfL3m6j_728Ajyoznk-ntnRY9YIhjIvWcAkRlddeiXi517aO30Qa4TiU7UE35AyeTgfxEohekA58DCUhf6MW_9S5_NLDBBnhIz5YtMtt133Bvbj7KLcdlctyM5LhoWTXL478il9KxL_oDI9hoAlp1AY2m1q9bQzRaGPBAh2g0aAiGYV_2jjFAoPNF-g0jOWeS-8kkgYkbhlQCRZVqh_K8fr2HbJlI-4KgsB6HShi3CZjqIfmL1V0nDJkTe3W0hh8Kw0hjoQSIyrLOR7OxLhc0PsBn4Ujj-yxEgLbJI_GkpQ5Hofj1ub2sOssRry-wmK-Rfe4ckTYaqW-X74C2nIjwncO6M2aeJn-NIEyw9OTj3cVbnIV4g23PlaljZJ-H9rfYlgEP3zmK6Ty5FmxLit1h6ssFV0oncg6LUKMDC7sJuOUZ3DvCkXdjDFxpp-YIO4O0a81APQ8wJe_oCBkOHUGgQ2PRpwCpRunPDaMHoKcTUTQJ5_cQJs61WkT642bzgxsRdJELTGWbovqXxeasFLYk36A_2ECObaoCtS86eV7fD7sx6_oEXFxDyWKfXDIXcQKt_foMQ_N3shYWm_5ymHcdekbtXsbAJ4kpgxID_0ywM81IVoJdRhsBbTEBMvh2LFEE8DDb2TuoMOt0-A9qhMAkjqekHRYlp6N3_go8bq6xng5EdgIQebOPbAhF7rc9_w8z25lhIaJhP7XfThmjVweuh8p7C5HztI3zsrWVl2ThIBHOptE-4wHW4E2grLNDpOjBMr-CLGyUv12mzDX4s2UXzbGyzKiGoJu4jFdnQMRveOTAK2lOyGvHCfLtxQQ8Hn6o32M68TLVHqK9yUbMgbAHndRRF64-jn4ImfLhznOliCZWRUmTdEH0m5p4OQJysJcjSID96WqgwER8oErLR_lwPkwmd_iNr7e1W2QUcmOWzEsWZ0JEPm8WedXWhP94VE0j2QYnlZchWrCkIuqhMHDDbCB3L1tQF62L5K8msdilPwE-t1CQ-uwnec8n3yaeC0xriItdgySd0qP39fD8f7RC9tXlMgmARhVvcKgBp3LN4_0_5omctgHSMEB8xbr1kPAxXQB8PMhf-Yntz7PgJt0rl5TjxE_rJPmK25_R0BxL0gy2_65MHzHy5seEaE03om2SIspQZ3_hUdA36Pu2ycaChgOCjxmZsC7L9XdNbQtXYLTPvKyn31RA_tIzFpIUHlQeqJvEjhSAyIO30Ra2DAO1dcDVW6YFFW8SyUNURMF6zlLh2-ZqH1WOZ4M8HHn55mw5Jn2CM2R1BTAcpPcUhLom9hSrMF0oq1YS7YL1WQWGuxe3__2nSjr_pbXR7I---vB_-h_FWcmpn5Fl-0056Mcg3FI22VOaa-utlEJwvWETQ6ACFGI5n4Ny8MgJz91louUIVXpYAUMwfEtunlMr8aYZlhxC41dSL9RhAdyIABNbbRd8ANH4WkfgcWLiYaScd7hdcZVwOzWfaT1SctWqWHxjUPOVXP2t2t5Gf5WuNL903o2WduBg2PZ8juR9Ns-jAf8qgfkJP6jUzh7DsBkvg7NjFnLuSWEHNrctLSOpasrLege3SqiVwYVnMarHdwVF4YxCUnX1V1DnuX0UsdIQI_kuA8ZVlfAV-nupSufAqUD79chFLo88rQMnfyBAipxtvGzk5rg8RG9xiC21kXVzSFVu3Ipwl7QkYIP19Yyn5DCEs4CCubQNzXo2Z4xJCvhL0D8aabBdpHfmQkMiI7KH9vpfgFbp8uhBMSDPNehRtA56_qGs9GK0v3T29l-5fRDIT8UUcyOZxrsiXHM-wImj2iLrAW4D_g3bCsza9KaFAivb7QTeBv0OoF0A3Ll1U3hkT9h5KBN4gHXbioYGSeVlOkNNPd3eoJMgeadsuw2R_IkvhF4-1dy66LjJwPdRbk0jkIiXcsN9wZXxioS9OGYXAJN_vtdDWp1OYhdO_dD6IgPOALdMAgmdyC3sJnqttqm0_f4YOS4RhlUoVnRLVhvlEGCc8Zj5rkPJr93Q8UJMhkyKCP4SCo4Y1ddtiStu801ziRRu0Oz4y73Lla1s0WimgUjkI3QYwH3wObstuG8XUuhRd1YuaW5LSErR-OA4jNO9bGgjHOEvMhj2PcLh6G8bQE89sXXNNlm2OHhDlOcys94LfkuyEK5J_KUsMK9nC13HExzUqO7wrp0dzXYljhd6kZ2T35kB19I1X4_5J0jTXTF5VxnRcSeC99TUgDigHj8degu2y_OCMlH31B8iz4Z2SMJ-clz0OhXKIyL18d3dvWh9rZYwbrQfhgnpRMWbTDCDuKWrQm6nJwWY8zkqnJbRAKTJqpg56K_WjyPl7zxsjs8lCOSlXuBpCwCJi_hOIMQBMYz9p-55vTIs1y-DvEJq7ltcX-IAPdSTnWm38LhmFh8E9TaGgLp-CTEuu-rDSgqgYVQZRw7-TvdIdwk93BMYbz7EQxD1g6hiDEIctvdfHuArsq5fqYGpAhd50PMxmFi0uwJJVYCeHi9_5lcubuy7P9CXk-9csaY4Wkum5_WSJmW9ilYjRbWcvR9fcDj9S3WneMFVFtQtlGwvzaIt5B13bcJequZhz5zX2xbI0jALDj7T7NzCMU_Qsr1i7hwKZfkimSwDa1NmNW9v06C3a1zu9FTVmODMIRlS925_xbHYHo81jOl7SN0eCefFch2PI72HJMoVZ9efJN__hM8OVly9T-e8Dj6-4PVdk36cuBPLL2wCmqSFCKvTeOHYVoBiN0wVq9OsyO7vV9kD61q17otCMIv4w61g-TwC2rDjWideyIVJ2E1l81nEm1eiXn11AazfXz2Vi9dS1uBJUIqUYGD8JgiEIKPWCnO-6Kh2xC1b6YmPYcNXwJ5TL94rEpYYdNo3DShA6WbxVzNc3XTbzS3oc1rh0M4mQlczhTN-HfuYpHRaBPzViImji4TKMsvpxARX9wcYNRqXF8D1tyjAGn_pWbKENVZi8k4O3aCwfknOYI9RHGP55HhrWelaA7ubwMSgfwFqd-ZK6TIYG97qM2Ocd5EGHoH9JCKuJuLpFr8ljRPk6B4-d9H1CKsWHj1097_O_8jo0mx1okmmnVGtfvsJW4NUyXZhmePD6_nKJZPN3gk5sknTB3wBAtENVKELW1Frg3AQe374fkoZCVKPpeJsNrfzY90uFDp2wK8YjI27DedNXmAAkrO22qcB7OctWVhRrTmmsPFiduNgQpbT6X_PdIFks9D3aCUJs5O7VQx4XqY-4lWSEAlIe5qGuyRkUNKD-KbAnkSmZHWoDlkCR_moAlzCNADDoVkuqek1YRRWnk39XT3WeIA7yp4uG2WLF-fycZT2DRKJ5bmYwfOk3GP2nPkW_vnaV_gpEL5yqSSXjqGiz2XGCVcMDrWF-Kmj_6ILc2_E67j3gYtR6gzC4iJqxb6--hZpqYm-LgLPL-45BIXpfFsfXBHKwVsassylLr8Oga0OU0ne8Psb5XQxAxYoeLNFDosnzg5Qf2Wf9OJzi2ZVUkjRgq5Su3Gpf4vGGB9ia4gg3hgFfWKh8F2zv82Qfec19kPQh81szvs_7kH2-3F5-fxycjI7_rU9tNzX5f-xxbexIPUK3iFYtoDQMAcuml21fzwSkLNwg5IHARg6vvgtoZduzALeHtYphRDKQFhs9GAkMzgjljZ9AAPTh6G0yCOl0q677vDZzy-5EPpsQ909n8gucBcdDN9Ze9ioPl7WxoFdHbbzZVfppd99j6HbbFq3ZvraSQLG3MNyjMqbZoTccN0w_SA_All14e8GdDuTymfybw8n3pjMxCcHD-5JEnKUbuPTBLu6574W6eDOigPE96PmpSwnoDYHqYg1G7xGA5vLZd-2VoEvF6At5fJBZvwAbiknAyj371XOdpGmQEMBHdbLB7lzKKqv8INfR3xypkP9Tk5F17pLf_Cct_rDkTlDUxsoYWSoWOtDPIYIBe-lJOcP2VK0CvWqH33bi7ZrcpUQDuB3DsVhBGWDHmijhnVQvIHPesoQW0P8Kq-HTGtJYxhaxyaUWUP52o5Hr0cFn6vnxoWh_ZE5hqOEJCInb9l6mWln2NH1XN2AinHAlT3CSoQDgjesjKLKiO9QuZYpR4hTTPL0oybcwuXVX2zT4Kl8B-Hyz6jVcXJuIR0hu_EecaTwBa_LF5LJHV-5ubRbkQWynRYCSEiGuhfF-TLbueCwtbxkDDb1BOsaSn6TCukfdzq5EOCY0DO3-V_6jXK38eTF5ZCbimrA3NpLCe2OtmO8urrxWl8iOwDx-N9yGKvnLrWwCc3kM3qqUTLQ5YHBWQk9oG4HvkTus2aN2oaP5yD_hUjDd01Ui2G9Fuc7eWWVwAdExx3tfTIljv_jKwOpkApsI_ij3ppbmD5XRBuDs-oYQdFsdYEQPih3dpSTn-9uuRd3mejRlMH-m2KQ1pUqd3dx0qbvVUs2Dkcirput_Z8MVMXtfLFJ-yBnTZotwvGgvb3zMsKBbCY4YzRWxWTHwK679Hp40gDq4Bx6Ma66KkNf15hXcfFhHp4xtrJykCOYg3OhA-FptPABzvjeaL0tEF_F_FW-OqkZS3KcELkXwcClSwgNvCZRXuPMjDNq43_gyP45UpogEE1f13OU-ua4l-5cOWybgiS_-qzAiE0DcViJO7BLfULRpFTDFJWXNCdJHrW-gg4VRCpTFBXLszT55q6gctt8NK5uoA5yiUWw_8kxXEbMcDmCSZx9Oleac8XAdqpvvtcWiO39jI9blJ2dmBJo0FhrWlex7CZIaVhs98hNkqNSkTnkRB23vwXdGPXdYau43uRDFhCpHSlMB8TuU_UmXxXc2MfBX8eyHK8x8ayvFS4VM6Uzj5R52515CGDFEICv43UxoV8AFGO4pu-EiOc1kDHRcl7k8ozHGcKz8eisaWhDHSr_zKg2Ncx3p6ZAVKEjPUcTUVePjE7Wkw6oW3lc5JWU95RU_oVlwKEOf0Tsa1u5nXrAvCeVOQ-MXD5P_gdsq3AOW6boQkxq19ohGdU6wZRLRpbuWZUWiwSRGTHpZlJm4BqceoLXy8LMwNXC8EHDhbC5GoVIFu2Y5IOpHhMnmhMWWdrwIDXpQiJgRJdp2FwqzfuY38uf4IN6FxIm_nXQmWCuwpMD5TGXDOHKFeT4k4AXfiSD4Kgo9UrQcBnrmP0-VgVJFWB3JPV26r23QHSO-bZOatvJMKWMItNhCOu5gU8qPlOCUQEVeUQnJA97uvIRtVb1O8="','4ca2d5b9-5356-4a46-b521-1fc768acd337','97580454-c5b7-4b7f-b8fd-6850ed725b7b',0,'Bulkhead Estate');
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
	CONSTRAINT fk_block_document_reference__reference_block_document_id__block_document FOREIGN KEY(reference_block_document_id) REFERENCES block_document (id) ON DELETE CASCADE, 
	CONSTRAINT fk_block_document_reference__parent_block_document_id__block_document FOREIGN KEY(parent_block_document_id) REFERENCES block_document (id) ON DELETE CASCADE, 
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
INSERT INTO "block_schema" VALUES('042064ba-84b1-49a8-ac24-011b3c0fe134','2026-11-30 22:18:32.401787','2026-11-30 22:18:32.401796','{"block_type_slug": "salesforce-org", "description": "A Salesforce org: where it is, how it is reached, and as whom.", "properties": {"alias": {"description": "Short name of the org, used everywhere.", "pattern": "^[a-z0-9-]+$", "title": "Alias", "type": "string", "position": 0}, "my_domain": {"description": "My Domain address, such as https://acme.my.salesforce.com.", "title": "My Domain", "type": "string", "position": 1}, "kind": {"description": "Whether the org holds production data.", "enum": ["production", "sandbox"], "title": "Kind", "type": "string", "position": 2}, "scanner": {"$ref": "#/definitions/OrgIdentity", "description": "Identity that reads; its session refuses every write.", "position": 3}, "enforcer": {"anyOf": [{"$ref": "#/definitions/OrgIdentity"}, {"type": "null"}], "default": null, "description": "Identity that changes, for approved plans only.", "position": 4}, "proxy": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "HTTP proxy through which the org is reached.", "title": "Proxy", "position": 5}, "ca_bundle": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "File of certificate authorities to trust.", "title": "Ca Bundle", "position": 6}, "region": {"default": "", "description": "Where the org''s data lives.", "title": "Region", "type": "string", "position": 7}, "time_zone": {"default": "UTC", "description": "IANA time zone of the org''s business hours.", "title": "Time Zone", "type": "string", "position": 8}}, "required": ["alias", "my_domain", "kind", "scanner"], "secret_fields": [], "title": "SalesforceOrg", "type": "object", "definitions": {"OrgIdentity": {"description": "One of our users in an org and the name of the secret that signs it in.", "properties": {"flow": {"description": "OAuth flow that gets the token.", "enum": ["jwt-bearer", "client-credentials"], "title": "Flow", "type": "string"}, "username": {"description": "User name in the org.", "title": "Username", "type": "string"}, "secret": {"description": "Name of the secret that holds the consumer key and the private key or secret.", "title": "Secret", "type": "string"}, "session_sets": {"description": "Session-activated permission sets with the write rights, woken for approved changes only.", "items": {"type": "string"}, "title": "Session Sets", "type": "array"}}, "required": ["flow", "username", "secret"], "title": "OrgIdentity", "type": "object"}}}','1fec47d0-22d0-40e7-8381-13f5a7684d5d','sha256:e2bc014e87da3988fe9e57d76523f65023768a4ff22d1c94ec0e47a82a0eccf7','[]','non-versioned');
INSERT INTO "block_schema" VALUES('d0488b5e-4239-4605-a599-4c250ae43878','2026-11-30 22:18:33.266855','2026-11-30 22:18:33.266865','{"block_type_slug": "aws-secret-store", "description": "AWS Secrets Manager of one account and region. Credentials come from the usual AWS chain or a named file.", "properties": {"region": {"description": "AWS region, such as us-east-1.", "title": "Region", "type": "string", "position": 0}, "endpoint_url": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Endpoint, where it is not the public one.", "title": "Endpoint Url", "position": 1}, "profile": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Profile of the shared credentials file.", "title": "Profile", "position": 2}, "shared_credentials_file": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Path of the shared credentials file.", "title": "Shared Credentials File", "position": 3}, "ca_bundle": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "File of certificate authorities to trust.", "title": "Ca Bundle", "position": 4}}, "required": ["region"], "secret_fields": [], "title": "SecretStore", "type": "object"}','b00f62c3-3f2a-4df9-b755-15de1eb69d31','sha256:e2839f274439203f7377b6e9af6b57f095487570151fa5b4984f9ba9a5712286','[]','non-versioned');
INSERT INTO "block_schema" VALUES('52403e3e-ef7e-4f5e-829b-db712809f511','2026-11-30 22:18:33.577976','2026-11-30 22:18:33.577987','{"block_type_slug": "bulkhead-slack-channel", "description": "A Slack channel that alerts of some orgs go to.", "properties": {"orgs": {"description": "Aliases of the orgs whose alerts go here.", "items": {"type": "string"}, "title": "Orgs", "type": "array", "position": 0}, "secret": {"description": "Name of the secret that holds the incoming-webhook address.", "title": "Secret", "type": "string", "position": 1}}, "required": ["orgs", "secret"], "secret_fields": [], "title": "SlackChannel", "type": "object"}','a49cc134-90e5-40f9-9d19-7fba6e91ac94','sha256:6bcf4fffc77fdd878af42fe2ff1e30cb9dddc8bd7241814f1fc1b1bff37f30ff','[]','non-versioned');
INSERT INTO "block_schema" VALUES('6bff0248-c909-47d4-9471-882ac3b61b13','2026-11-30 22:18:33.744788','2026-11-30 22:18:33.744797','{"block_type_slug": "bulkhead-ledger", "description": "The ledger of plans, approvals, grants and evidence.", "properties": {"url_secret": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Name of the secret with the database''s address; a file where none is named.", "title": "Url Secret", "position": 0}, "signing_secret": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Name of the secret with the Ed25519 key that seals checkpoints.", "title": "Signing Secret", "position": 1}, "signing_kms_key": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "KMS key that seals checkpoints instead (ECC_NIST_P256).", "title": "Signing Kms Key", "position": 2}, "anchor_bucket": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Bucket with Object Lock that keeps the checkpoints.", "title": "Anchor Bucket", "position": 3}, "anchor_prefix": {"default": "ledger/", "description": "Where in the bucket.", "title": "Anchor Prefix", "type": "string", "position": 4}, "anchor_days": {"default": 2555, "description": "Days for which a checkpoint cannot be removed.", "title": "Anchor Days", "type": "integer", "position": 5}}, "secret_fields": [], "title": "Ledger", "type": "object"}','0b744241-626f-4d87-b949-406ceed7ead8','sha256:f2905c76b03212c59ff9e7436fc0985496e5815f1acc60be5d7d7ca9436330fe','[]','non-versioned');
INSERT INTO "block_schema" VALUES('4ca2d5b9-5356-4a46-b521-1fc768acd337','2026-11-30 22:18:33.947693','2026-11-30 22:18:33.947704','{"block_type_slug": "bulkhead-estate", "description": "The registered estate and policy, validated before they were saved.", "properties": {"estate": {"description": "The estate: orgs, routes, channels, attestations.", "title": "Estate", "type": "object", "position": 0}, "policy": {"description": "The policy: networks, thresholds, caps, waivers.", "title": "Policy", "type": "object", "position": 1}}, "required": ["estate", "policy"], "secret_fields": [], "title": "EstateDocument", "type": "object"}','97580454-c5b7-4b7f-b8fd-6850ed725b7b','sha256:a04a0c0a780a695fe532dfe5eeca6aee28a2965b5ff17c9dc64da93a0c0b2b56','[]','non-versioned');
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
INSERT INTO "block_type" VALUES('1fec47d0-22d0-40e7-8381-13f5a7684d5d','2026-11-30 22:18:32.370948','2026-11-30 22:18:32.370955','Salesforce Org',NULL,'https://help.salesforce.com/s/articleView?id=sf.domain_name_overview.htm','A Salesforce org: where it is, how it is reached, and as whom.','```python
from blocks import SalesforceOrg

org = SalesforceOrg.load("hq")
```',0,'salesforce-org');
INSERT INTO "block_type" VALUES('b00f62c3-3f2a-4df9-b755-15de1eb69d31','2026-11-30 22:18:33.234479','2026-11-30 22:18:33.234487','AWS Secret Store',NULL,'https://docs.aws.amazon.com/secretsmanager/','AWS Secrets Manager of one account and region. Credentials come from the usual AWS chain or a named file.','```python
from blocks import SecretStore

store = SecretStore.load("bulkhead")
```',0,'aws-secret-store');
INSERT INTO "block_type" VALUES('a49cc134-90e5-40f9-9d19-7fba6e91ac94','2026-11-30 22:18:33.529574','2026-11-30 22:18:33.529584','Bulkhead Slack Channel',NULL,'https://api.slack.com/messaging/webhooks','A Slack channel that alerts of some orgs go to.','```python
from blocks import SlackChannel

channel = SlackChannel.load("security")
```',0,'bulkhead-slack-channel');
INSERT INTO "block_type" VALUES('0b744241-626f-4d87-b949-406ceed7ead8','2026-11-30 22:18:33.716101','2026-11-30 22:18:33.716110','Bulkhead Ledger',NULL,'https://csrc.nist.gov/pubs/sp/800/92/final','The ledger of plans, approvals, grants and evidence.','```python
from blocks import Ledger

ledger = Ledger.load("bulkhead")
```',0,'bulkhead-ledger');
INSERT INTO "block_type" VALUES('97580454-c5b7-4b7f-b8fd-6850ed725b7b','2026-11-30 22:18:33.917762','2026-11-30 22:18:33.917772','Bulkhead Estate',NULL,'https://csrc.nist.gov/pubs/sp/800/207/final','The registered estate and policy, validated before they were saved.','```python
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
INSERT INTO "concurrency_limit_v2" VALUES('35e0822d-3ea8-4a20-a0dc-5734d6dd2207','2026-11-30 22:18:34.983612','2026-11-30 22:18:34.983621',1,'deployment:aa5b6526-f320-48c3-a729-3229e82479b2',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('f85fbea3-82a1-4023-9a17-6fe5f0fe6758','2026-11-30 22:18:37.309547','2026-11-30 22:18:37.309555',1,'deployment:e7b0ce9f-5771-450a-839f-204cc14cf5d7',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('18499af9-c921-4819-8181-d7de1844a8b2','2026-11-30 22:18:37.554040','2026-11-30 22:18:37.554048',1,'deployment:f4d6dc3d-cdc2-44a1-890a-abff2de8aaa0',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('ef890cc7-7c5f-4ab2-a7ef-c5fff7873f13','2026-11-30 22:18:37.787082','2026-11-30 22:18:37.787091',1,'deployment:0ba0286e-2c83-4768-98a8-c66ba7261c8e',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('a278182c-c0d4-4b09-8f71-21dc97569c47','2026-11-30 22:18:38.056685','2026-11-30 22:18:38.056694',1,'deployment:e1dad455-c029-4f53-9e72-2ac22940aec8',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('41105c92-87bf-446a-bf82-f2593d0eb1a5','2026-11-30 22:18:38.257590','2026-11-30 22:18:38.257600',1,'deployment:1fea7b13-ed18-4919-b6af-85a4a9f5a82c',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('ac3fb098-e23d-4e20-9ae5-839326d9966b','2026-11-30 22:18:38.453122','2026-11-30 22:18:38.453131',1,'deployment:e215aad9-af43-402c-ba07-12ceef5e7353',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('5b3eef6f-c17d-4831-8e7b-d80a882e027c','2026-11-30 22:18:38.722247','2026-11-30 22:18:38.722255',1,'deployment:cff0ecae-f330-4381-8ff7-2f6e9b69250f',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('81707816-94ef-41f1-a6b9-bd6c30f4eb02','2026-11-30 22:18:39.021067','2026-11-30 22:18:39.021075',1,'deployment:5b43e671-1f41-4890-a8ac-8a795b237bad',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('ca222c96-8ce8-4d8a-bd41-cad1a81eb844','2026-11-30 22:18:39.190970','2026-11-30 22:18:39.190978',1,'deployment:1076ec1a-92e1-4494-b63b-4e10247843cd',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('c2a33ad4-81ed-4f58-9608-d0fc0c7f479f','2026-11-30 22:18:39.394914','2026-11-30 22:18:39.394922',1,'deployment:5a0a83a7-2ea4-43b8-bd9c-aa4f48ded181',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('5ca55a3d-9915-46d9-bb2f-2be092161068','2026-11-30 22:18:39.664273','2026-11-30 22:18:39.664281',1,'deployment:5ed3a4b1-71d4-4688-8096-0063b8af828f',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('ab1b3caf-6bb9-48b6-80fd-08e7c42e3900','2026-11-30 22:18:39.872522','2026-11-30 22:18:39.872530',1,'deployment:c887329f-3fc3-4409-84b3-c9060524bce5',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('7e7f5879-7871-4ee5-84d3-1e7c6681a593','2026-11-30 22:18:40.179013','2026-11-30 22:18:40.179022',1,'deployment:3c0c9407-05f4-4380-8bae-5274c918c87e',1,0,0,0.0,2.0);
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
INSERT INTO "configuration" VALUES('c84e7af8-fe9b-4d8e-aa2c-42048388ed0f','2026-11-30 22:18:32.533192','2026-11-30 22:18:32.533204','ENCRYPTION_KEY','{"fernet_key": "VymqengJEK_4fsgkAe2X_Oizd3lwzM8bop6Pvg78Gb0="}');
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
	CONSTRAINT fk_deployment__infrastructure_document_id__block_document FOREIGN KEY(infrastructure_document_id) REFERENCES block_document (id) ON DELETE CASCADE, 
	CONSTRAINT fk_deployment__flow_id__flow FOREIGN KEY(flow_id) REFERENCES flow (id) ON DELETE CASCADE, 
	CONSTRAINT fk_deployment__concurrency_limit_id__concurrency_limit_v2 FOREIGN KEY(concurrency_limit_id) REFERENCES concurrency_limit_v2 (id) ON DELETE SET NULL
);
INSERT INTO "deployment" VALUES('aa5b6526-f320-48c3-a729-3229e82479b2','2026-11-30 22:18:34.815712','2026-11-30 22:18:34.985000','assessment-weekly','["phase:assessment", "job:assessment"]','{}','5b45c0f7-cee1-4910-b8ed-7a519ea45920','Reads every org of the estate, shows **who trusts whom and how far one stolen cr',NULL,'{"title": "Parameters", "type": "object", "properties": {"orgs": {"default": [], "description": "Aliases of the orgs to read, as in estate.yaml. **Leave empty for all.** Trust between two orgs shows only when both are read.", "items": {"maxLength": 40, "pattern": "^[a-z0-9-]+$", "type": "string"}, "position": 0, "title": "orgs", "type": "array"}, "fail_on": {"default": "never", "description": "Ends the run as failed, after everything is published, when a finding is at least this severe.", "enum": ["never", "low", "medium", "high", "critical"], "position": 1, "title": "fail_on", "type": "string"}}}',NULL,'782c206a022c006d12eaa5643d16073f','{}',NULL,'flows.assessment.assessment',NULL,NULL,NULL,'a8347ad0-ec13-46ac-8fc9-37285a1904dc','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','35e0822d-3ea8-4a20-a0dc-5734d6dd2207','{"prefect.flow.id": "5b45c0f7-cee1-4910-b8ed-7a519ea45920"}',NULL);
INSERT INTO "deployment" VALUES('e7b0ce9f-5771-450a-839f-204cc14cf5d7','2026-11-30 22:18:37.295172','2026-11-30 22:18:37.310000','least-privilege','["phase:quick-wins", "job:least-privilege"]','{}','834bd015-27ba-45b7-a02e-2418d9875ae9','Makes a plan that leaves each sync user **exactly the rights its routes need**. ',NULL,'{"title": "Parameters", "type": "object", "properties": {"requester": {"description": "Who asks for the plan. **That person cannot approve it.**", "maxLength": 120, "minLength": 2, "position": 0, "title": "requester", "type": "string"}, "routes": {"default": [], "description": "Names of the routes, as in estate.yaml. **Leave empty for all.**", "items": {"type": "string"}, "position": 1, "title": "routes", "type": "array"}, "split_shared": {"default": false, "description": "Give routes that share their user **users of their own**. Each takes a licence. The shared user keeps\nwhat it has; once the new ones are seen at work, make this plan again, and it takes what they no longer need of it.", "position": 2, "title": "split_shared", "type": "boolean"}}, "required": ["requester"]}',NULL,'b0571156f4e7ed6c01e263f6b99aa1b5','{}',NULL,'flows.quick_wins.quick_wins',NULL,NULL,NULL,'a8347ad0-ec13-46ac-8fc9-37285a1904dc','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','f85fbea3-82a1-4023-9a17-6fe5f0fe6758','{"prefect.flow.id": "834bd015-27ba-45b7-a02e-2418d9875ae9"}',NULL);
INSERT INTO "deployment" VALUES('f4d6dc3d-cdc2-44a1-890a-abff2de8aaa0','2026-11-30 22:18:37.538186','2026-11-30 22:18:37.554000','second-factors','["phase:quick-wins", "job:mfa"]','{}','93375147-5cf4-43c7-85d6-1c377b8c3b9e','Makes a plan by which **everybody who could take an org over is asked for a seco',NULL,'{}',NULL,'dfd391f6e75e6a4a3800ee7ac60261c0','{}',NULL,'flows.sign_in.second_factors',NULL,NULL,NULL,'a8347ad0-ec13-46ac-8fc9-37285a1904dc','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','18499af9-c921-4819-8181-d7de1844a8b2','{"prefect.flow.id": "93375147-5cf4-43c7-85d6-1c377b8c3b9e"}',NULL);
INSERT INTO "deployment" VALUES('0ba0286e-2c83-4768-98a8-c66ba7261c8e','2026-11-30 22:18:37.736340','2026-11-30 22:18:37.794000','oauth-flows','["phase:quick-wins", "job:oauth"]','{}','759a7349-d063-4e43-b231-23c2921e0b9a','Makes a plan that shuts the doors through which **a password alone gets a token*',NULL,'{}',NULL,'dfd391f6e75e6a4a3800ee7ac60261c0','{}',NULL,'flows.sign_in.oauth_flows',NULL,NULL,NULL,'a8347ad0-ec13-46ac-8fc9-37285a1904dc','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','ef890cc7-7c5f-4ab2-a7ef-c5fff7873f13','{"prefect.flow.id": "759a7349-d063-4e43-b231-23c2921e0b9a"}',NULL);
INSERT INTO "deployment" VALUES('e1dad455-c029-4f53-9e72-2ac22940aec8','2026-11-30 22:18:38.042941','2026-11-30 22:18:38.057000','approve-plan','["phase:quick-wins", "phase:advanced", "job:plans"]','{}','97e453d8-0226-400a-9d2d-154310da9858','Notes **your yes to exactly one digest** in the ledger. It changes no org.

* Th',NULL,'{}',NULL,'723bee4a0569972e683a820f78a9f1c3','{}',NULL,'flows.plans.approve_plan',NULL,NULL,NULL,'a8347ad0-ec13-46ac-8fc9-37285a1904dc','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','a278182c-c0d4-4b09-8f71-21dc97569c47','{"prefect.flow.id": "97e453d8-0226-400a-9d2d-154310da9858"}',NULL);
INSERT INTO "deployment" VALUES('1fea7b13-ed18-4919-b6af-85a4a9f5a82c','2026-11-30 22:18:38.237696','2026-11-30 22:18:38.258000','apply-plan','["phase:quick-wins", "phase:advanced", "job:plans"]','{}','511b0722-1a0e-49f3-8962-da78ea6cc17e','Applies an approved plan: **reads, compares, notes, writes, reads back**, org by',NULL,'{}',NULL,'723bee4a0569972e683a820f78a9f1c3','{}',NULL,'flows.plans.apply_plan',NULL,NULL,NULL,'a8347ad0-ec13-46ac-8fc9-37285a1904dc','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','41105c92-87bf-446a-bf82-f2593d0eb1a5','{"prefect.flow.id": "511b0722-1a0e-49f3-8962-da78ea6cc17e"}',NULL);
INSERT INTO "deployment" VALUES('e215aad9-af43-402c-ba07-12ceef5e7353','2026-11-30 22:18:38.431510','2026-11-30 22:18:38.453000','rollback-plan','["phase:quick-wins", "phase:advanced", "job:plans"]','{}','adc798c1-7c54-417a-abfd-c352f83a97a5','Takes a plan back, **whole or by the numbers of its changes**; what depends on a',NULL,'{}',NULL,'723bee4a0569972e683a820f78a9f1c3','{}',NULL,'flows.plans.rollback_plan',NULL,NULL,NULL,'a8347ad0-ec13-46ac-8fc9-37285a1904dc','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','ac3fb098-e23d-4e20-9ae5-839326d9966b','{"prefect.flow.id": "adc798c1-7c54-417a-abfd-c352f83a97a5"}',NULL);
INSERT INTO "deployment" VALUES('cff0ecae-f330-4381-8ff7-2f6e9b69250f','2026-11-30 22:18:38.687586','2026-11-30 22:18:38.723000','keep-evidence-hourly','["phase:continuous", "job:evidence"]','{}','0794370e-6535-4839-ad47-4b1affe87b84','Signs what is new in the ledger, keeps the signature **where nobody can remove i',NULL,'{}',NULL,'6a148bae0568e7ed8d4dcc5a13d8a75b','{}',NULL,'flows.continuous.keep_evidence',NULL,NULL,NULL,'a8347ad0-ec13-46ac-8fc9-37285a1904dc','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','5b3eef6f-c17d-4831-8e7b-d80a882e027c','{"prefect.flow.id": "0794370e-6535-4839-ad47-4b1affe87b84"}',NULL);
INSERT INTO "deployment" VALUES('5b43e671-1f41-4890-a8ac-8a795b237bad','2026-11-30 22:18:39.008213','2026-11-30 22:18:39.021000','request-access','["phase:advanced", "job:access"]','{}','008c73ab-fa0c-470f-ac5d-314a267cf065','Asks for a permission set **for some hours**: by the name of a route, by a runni',NULL,'{"title": "Parameters", "type": "object", "properties": {"requester": {"description": "Who asks. **That person cannot approve it.**", "maxLength": 120, "minLength": 2, "position": 0, "title": "requester", "type": "string"}, "reason": {"description": "What it is for; it stays in the ledger.", "maxLength": 500, "minLength": 3, "position": 1, "title": "reason", "type": "string"}, "route": {"default": "", "description": "Name of a route, as in estate.yaml: **its sync user gets the set of its least-privilege plan.**", "maxLength": 120, "position": 2, "title": "route", "type": "string"}, "org": {"default": "", "description": "Alias of the org, as in estate.yaml. Not with a route.", "maxLength": 40, "pattern": "^[a-z0-9-]*$", "position": 3, "title": "org", "type": "string"}, "username": {"default": "", "description": "User name in that org of who gets the set. Not with a route.", "pattern": "^(.{3,120})?$", "position": 4, "title": "username", "type": "string"}, "permission_set": {"default": "", "description": "API name of the permission set. Not with a route.", "pattern": "^([A-Za-z]\\w{0,79})?$", "position": 5, "title": "permission_set", "type": "string"}, "hours": {"anyOf": [{"exclusiveMinimum": 0, "maximum": 24, "type": "number"}, {"type": "null"}], "default": null, "description": "For how long, from the approval on. **Leave empty for as long as the policy allows.**", "position": 6, "title": "hours"}, "ticket": {"default": "", "description": "The ticket or job that it belongs to, where there is one.", "position": 7, "title": "ticket", "type": "string"}, "extends": {"default": "", "description": "Id of a running grant that is to last longer, instead of a route or a set.", "pattern": "^([0-9a-fA-F]{6,16})?$", "position": 8, "title": "extends", "type": "string"}}, "required": ["requester", "reason"]}',NULL,'99acd7e7e36a7e5fbe4f5316e5adfb69','{}',NULL,'flows.advanced.request_access',NULL,NULL,NULL,'a8347ad0-ec13-46ac-8fc9-37285a1904dc','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','81707816-94ef-41f1-a6b9-bd6c30f4eb02','{"prefect.flow.id": "008c73ab-fa0c-470f-ac5d-314a267cf065"}',NULL);
INSERT INTO "deployment" VALUES('1076ec1a-92e1-4494-b63b-4e10247843cd','2026-11-30 22:18:39.178480','2026-11-30 22:18:39.191000','approve-access','["phase:advanced", "job:access"]','{}','683ebdb5-e7c7-4106-962f-95141a18fccc','Approves a request: the clock starts now, on the org''s own time, and the set is ',NULL,'{}',NULL,'99acd7e7e36a7e5fbe4f5316e5adfb69','{}',NULL,'flows.advanced.approve_access',NULL,NULL,NULL,'a8347ad0-ec13-46ac-8fc9-37285a1904dc','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','ca222c96-8ce8-4d8a-bd41-cad1a81eb844','{"prefect.flow.id": "683ebdb5-e7c7-4106-962f-95141a18fccc"}',NULL);
INSERT INTO "deployment" VALUES('5a0a83a7-2ea4-43b8-bd9c-aa4f48ded181','2026-11-30 22:18:39.382789','2026-11-30 22:18:39.395000','end-access','["phase:advanced", "job:access"]','{}','950eb1a2-b056-4ba2-be09-4db0e316e02f','Ends a grant **before its time** and takes the set away at once.',NULL,'{}',NULL,'99acd7e7e36a7e5fbe4f5316e5adfb69','{}',NULL,'flows.advanced.end_access',NULL,NULL,NULL,'a8347ad0-ec13-46ac-8fc9-37285a1904dc','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','c2a33ad4-81ed-4f58-9608-d0fc0c7f479f','{"prefect.flow.id": "950eb1a2-b056-4ba2-be09-4db0e316e02f"}',NULL);
INSERT INTO "deployment" VALUES('5ed3a4b1-71d4-4688-8096-0063b8af828f','2026-11-30 22:18:39.629654','2026-11-30 22:18:39.665000','sweep-access-every-minute','["phase:continuous", "job:access"]','{}','f8332358-61ff-4709-a6ff-1c5cb2917a86','Makes every org hold **what grants say and nothing longer**. Runs every minute, ',NULL,'{}',NULL,'6a148bae0568e7ed8d4dcc5a13d8a75b','{}',NULL,'flows.continuous.sweep_access',NULL,NULL,NULL,'a8347ad0-ec13-46ac-8fc9-37285a1904dc','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "CANCEL_NEW", "grace_period_seconds": 120}','5ca55a3d-9915-46d9-bb2f-2be092161068','{"prefect.flow.id": "f8332358-61ff-4709-a6ff-1c5cb2917a86"}',NULL);
INSERT INTO "deployment" VALUES('c887329f-3fc3-4409-84b3-c9060524bce5','2026-11-30 22:18:39.824175','2026-11-30 22:18:39.873000','review-access-daily','["phase:continuous", "job:access"]','{}','8f0c5e9b-3dbf-466f-bfaf-ffb191fdf221','Says of every grant that is over **what it was used for**: how long, and for whi',NULL,'{}',NULL,'6a148bae0568e7ed8d4dcc5a13d8a75b','{}',NULL,'flows.continuous.review_access',NULL,NULL,NULL,'a8347ad0-ec13-46ac-8fc9-37285a1904dc','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','ab1b3caf-6bb9-48b6-80fd-08e7c42e3900','{"prefect.flow.id": "8f0c5e9b-3dbf-466f-bfaf-ffb191fdf221"}',NULL);
INSERT INTO "deployment" VALUES('3c0c9407-05f4-4380-8bae-5274c918c87e','2026-11-30 22:18:40.067846','2026-11-30 22:18:43.019000','watch-plans-every-10-minutes','["phase:continuous", "job:plans"]','{}','0e2d83ee-e189-44d8-a6c5-0d6ad3ec59d4','Watches **users of routes whose rights a plan changed**, for the hours that poli',NULL,'{}',NULL,'6a148bae0568e7ed8d4dcc5a13d8a75b','{}',NULL,'flows.continuous.watch_plans',NULL,NULL,NULL,'a8347ad0-ec13-46ac-8fc9-37285a1904dc','[]',1,NULL,1,'NOT_READY',1,'{"collision_strategy": "CANCEL_NEW", "grace_period_seconds": 120}','7e7f5879-7871-4ee5-84d3-1e7c6681a593','{"prefect.flow.id": "0e2d83ee-e189-44d8-a6c5-0d6ad3ec59d4"}',NULL);
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
INSERT INTO "deployment_schedule" VALUES('9eb69e11-cbc9-47f7-9ac8-74b32ac1689d','2026-11-30 22:18:34.934372','2026-11-30 22:18:34.934384','{"cron": "0 3 * * 1", "timezone": "UTC", "day_or": true}',1,'aa5b6526-f320-48c3-a729-3229e82479b2',NULL,'{}','weekly');
INSERT INTO "deployment_schedule" VALUES('f006247e-ed24-41ee-96a9-7b80e40c00c4','2026-11-30 22:18:38.702150','2026-11-30 22:18:38.702159','{"cron": "20 * * * *", "timezone": "UTC", "day_or": true}',1,'cff0ecae-f330-4381-8ff7-2f6e9b69250f',NULL,'{}','hourly');
INSERT INTO "deployment_schedule" VALUES('825cc2e0-23f5-4194-b2c7-82b3ad4336ba','2026-11-30 22:18:39.642898','2026-11-30 22:18:39.642906','{"cron": "* * * * *", "timezone": "UTC", "day_or": true}',1,'5ed3a4b1-71d4-4688-8096-0063b8af828f',NULL,'{}','every-minute');
INSERT INTO "deployment_schedule" VALUES('4e1bb7e9-4034-4ab7-8e3b-675ddc060604','2026-11-30 22:18:39.854845','2026-11-30 22:18:39.854856','{"cron": "40 9 * * *", "timezone": "UTC", "day_or": true}',1,'c887329f-3fc3-4409-84b3-c9060524bce5',NULL,'{}','daily');
INSERT INTO "deployment_schedule" VALUES('37451422-4430-4031-ab29-e66594abba2f','2026-11-30 22:18:40.156729','2026-11-30 22:18:40.156739','{"cron": "*/10 * * * *", "timezone": "UTC", "day_or": true}',1,'3c0c9407-05f4-4380-8bae-5274c918c87e',NULL,'{}','every-10-minutes');
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
INSERT INTO "flow" VALUES('5b45c0f7-cee1-4910-b8ed-7a519ea45920','2026-11-30 22:18:34.755479','2026-11-30 22:18:34.755491','assessment','[]','{}');
INSERT INTO "flow" VALUES('834bd015-27ba-45b7-a02e-2418d9875ae9','2026-11-30 22:18:37.277150','2026-11-30 22:18:37.277161','quick-wins','[]','{}');
INSERT INTO "flow" VALUES('93375147-5cf4-43c7-85d6-1c377b8c3b9e','2026-11-30 22:18:37.485114','2026-11-30 22:18:37.485123','second-factors','[]','{}');
INSERT INTO "flow" VALUES('759a7349-d063-4e43-b231-23c2921e0b9a','2026-11-30 22:18:37.704238','2026-11-30 22:18:37.704248','oauth-flows','[]','{}');
INSERT INTO "flow" VALUES('97e453d8-0226-400a-9d2d-154310da9858','2026-11-30 22:18:38.020702','2026-11-30 22:18:38.020710','approve-plan','[]','{}');
INSERT INTO "flow" VALUES('511b0722-1a0e-49f3-8962-da78ea6cc17e','2026-11-30 22:18:38.219805','2026-11-30 22:18:38.219815','apply-plan','[]','{}');
INSERT INTO "flow" VALUES('adc798c1-7c54-417a-abfd-c352f83a97a5','2026-11-30 22:18:38.403935','2026-11-30 22:18:38.403945','rollback-plan','[]','{}');
INSERT INTO "flow" VALUES('0794370e-6535-4839-ad47-4b1affe87b84','2026-11-30 22:18:38.650757','2026-11-30 22:18:38.650768','keep-evidence','[]','{}');
INSERT INTO "flow" VALUES('008c73ab-fa0c-470f-ac5d-314a267cf065','2026-11-30 22:18:38.977711','2026-11-30 22:18:38.977721','request-access','[]','{}');
INSERT INTO "flow" VALUES('683ebdb5-e7c7-4106-962f-95141a18fccc','2026-11-30 22:18:39.164420','2026-11-30 22:18:39.164428','approve-access','[]','{}');
INSERT INTO "flow" VALUES('950eb1a2-b056-4ba2-be09-4db0e316e02f','2026-11-30 22:18:39.366483','2026-11-30 22:18:39.366491','end-access','[]','{}');
INSERT INTO "flow" VALUES('f8332358-61ff-4709-a6ff-1c5cb2917a86','2026-11-30 22:18:39.581829','2026-11-30 22:18:39.581840','sweep-access','[]','{}');
INSERT INTO "flow" VALUES('8f0c5e9b-3dbf-466f-bfaf-ffb191fdf221','2026-11-30 22:18:39.793007','2026-11-30 22:18:39.793017','review-access','[]','{}');
INSERT INTO "flow" VALUES('0e2d83ee-e189-44d8-a6c5-0d6ad3ec59d4','2026-11-30 22:18:40.039862','2026-11-30 22:18:40.039874','watch-plans','[]','{}');
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
	CONSTRAINT fk_flow_run__parent_task_run_id__task_run FOREIGN KEY(parent_task_run_id) REFERENCES task_run (id) ON DELETE SET NULL, 
	CONSTRAINT fk_flow_run__flow_id__flow FOREIGN KEY(flow_id) REFERENCES flow (id) ON DELETE CASCADE, 
	CONSTRAINT fk_flow_run__state_id__flow_run_state FOREIGN KEY(state_id) REFERENCES flow_run_state (id) ON DELETE SET NULL
);
INSERT INTO "flow_run" VALUES('460417b4-bdba-4f84-a960-076bacf36ecb','2026-11-30 22:18:42.364966','2026-11-30 22:18:42.469000','over-assessment-weekly','COMPLETED',0,'2026-11-30 22:18:42.319788',NULL,'2026-11-30 22:18:42.459100','2026-11-30 22:18:42.459100','1970-01-01 00:00:00.000000',NULL,'{"orgs": ["emea", "hq"]}',NULL,'{}','{"max_retries": 0, "retry_delay_seconds": 0.0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false, "retry_type": null}','["phase:assessment", "job:assessment"]',0,'5b45c0f7-cee1-4910-b8ed-7a519ea45920','aa5b6526-f320-48c3-a729-3229e82479b2',NULL,'01a22e89-f39b-7571-8686-b27f4f05d2f4','Completed',NULL,NULL,'2026-11-30 22:18:42.459100',NULL,NULL,'a8347ad0-ec13-46ac-8fc9-37285a1904dc','{}','782c206a022c006d12eaa5643d16073f','{"prefect.flow.id": "5b45c0f7-cee1-4910-b8ed-7a519ea45920", "prefect.deployment.id": "aa5b6526-f320-48c3-a729-3229e82479b2"}');
INSERT INTO "flow_run" VALUES('a1dfb9d5-c990-4122-8136-e44b3a699997','2026-11-30 22:18:42.522000','2026-11-30 22:18:42.565000','ahead-assessment-weekly','SCHEDULED',0,'2100-01-01 12:00:00.000000','2100-01-01 12:00:00.000000',NULL,NULL,'1970-01-01 00:00:00.000000',NULL,'{"orgs": ["emea", "hq"]}',NULL,'{}','{"max_retries": 0, "retry_delay_seconds": 0.0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false, "retry_type": null}','["phase:assessment", "job:assessment"]',0,'5b45c0f7-cee1-4910-b8ed-7a519ea45920','aa5b6526-f320-48c3-a729-3229e82479b2',NULL,'01a22e89-f3d9-7b74-9775-d27edd090087','Scheduled',NULL,NULL,'2026-11-30 22:18:42.521557',NULL,NULL,'a8347ad0-ec13-46ac-8fc9-37285a1904dc','{}','782c206a022c006d12eaa5643d16073f','{"prefect.flow.id": "5b45c0f7-cee1-4910-b8ed-7a519ea45920", "prefect.deployment.id": "aa5b6526-f320-48c3-a729-3229e82479b2"}');
INSERT INTO "flow_run" VALUES('98599d11-60a3-417a-ac43-c0e121579c6e','2026-11-30 22:18:42.620385','2026-11-30 22:18:42.647000','over-request-access','COMPLETED',0,'2026-11-30 22:18:42.589950',NULL,'2026-11-30 22:18:42.640478','2026-11-30 22:18:42.640478','1970-01-01 00:00:00.000000',NULL,'{"org": "emea", "username": "sync@emea.example", "permission_set": "Sync_Account", "hours": 1, "reason": "a case of a customer''s", "requester": "ada@acme.example"}',NULL,'{}','{"max_retries": 0, "retry_delay_seconds": 0.0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false, "retry_type": null}','["job:access", "phase:advanced"]',0,'008c73ab-fa0c-470f-ac5d-314a267cf065','5b43e671-1f41-4890-a8ac-8a795b237bad',NULL,'01a22e89-f450-731e-bc10-1342cf25af5d','Completed',NULL,NULL,'2026-11-30 22:18:42.640478',NULL,NULL,'a8347ad0-ec13-46ac-8fc9-37285a1904dc','{}','99acd7e7e36a7e5fbe4f5316e5adfb69','{"prefect.flow.id": "008c73ab-fa0c-470f-ac5d-314a267cf065", "prefect.deployment.id": "5b43e671-1f41-4890-a8ac-8a795b237bad"}');
INSERT INTO "flow_run" VALUES('d865e84d-9d6a-4d59-aa55-b65b1152c1e3','2026-11-30 22:18:42.683488','2026-11-30 22:18:42.693000','ahead-request-access','SCHEDULED',0,'2100-01-01 12:00:00.000000','2100-01-01 12:00:00.000000',NULL,NULL,'1970-01-01 00:00:00.000000',NULL,'{"org": "emea", "username": "sync@emea.example", "permission_set": "Sync_Account", "hours": 1, "reason": "a case of a customer''s", "requester": "ada@acme.example"}',NULL,'{}','{"max_retries": 0, "retry_delay_seconds": 0.0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false, "retry_type": null}','["job:access", "phase:advanced"]',0,'008c73ab-fa0c-470f-ac5d-314a267cf065','5b43e671-1f41-4890-a8ac-8a795b237bad',NULL,'01a22e89-f47b-719a-8e5d-f4e23f3a0384','Scheduled',NULL,NULL,'2026-11-30 22:18:42.683298',NULL,NULL,'a8347ad0-ec13-46ac-8fc9-37285a1904dc','{}','99acd7e7e36a7e5fbe4f5316e5adfb69','{"prefect.flow.id": "008c73ab-fa0c-470f-ac5d-314a267cf065", "prefect.deployment.id": "5b43e671-1f41-4890-a8ac-8a795b237bad"}');
INSERT INTO "flow_run" VALUES('631b2b3c-c5df-405c-ad68-607da3139217','2026-11-30 22:18:42.782582','2026-11-30 22:18:42.858000','over-least-privilege','COMPLETED',0,'2026-11-30 22:18:42.713889',NULL,'2026-11-30 22:18:42.823179','2026-11-30 22:18:42.823179','1970-01-01 00:00:00.000000',NULL,'{"requester": "ada@acme.example", "routes": ["HQ_to_EMEA"]}',NULL,'{}','{"max_retries": 0, "retry_delay_seconds": 0.0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false, "retry_type": null}','["phase:quick-wins", "job:least-privilege"]',0,'834bd015-27ba-45b7-a02e-2418d9875ae9','e7b0ce9f-5771-450a-839f-204cc14cf5d7',NULL,'01a22e89-f505-7cac-b442-4d7003da1742','Completed',NULL,NULL,'2026-11-30 22:18:42.823179',NULL,NULL,'a8347ad0-ec13-46ac-8fc9-37285a1904dc','{}','b0571156f4e7ed6c01e263f6b99aa1b5','{"prefect.flow.id": "834bd015-27ba-45b7-a02e-2418d9875ae9", "prefect.deployment.id": "e7b0ce9f-5771-450a-839f-204cc14cf5d7"}');
INSERT INTO "flow_run" VALUES('185e356b-d3e5-40b9-9f79-f47c0f4b2ee0','2026-11-30 22:18:42.907711','2026-11-30 22:18:42.919000','ahead-least-privilege','SCHEDULED',0,'2100-01-01 12:00:00.000000','2100-01-01 12:00:00.000000',NULL,NULL,'1970-01-01 00:00:00.000000',NULL,'{"requester": "ada@acme.example", "routes": ["HQ_to_EMEA"]}',NULL,'{}','{"max_retries": 0, "retry_delay_seconds": 0.0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false, "retry_type": null}','["phase:quick-wins", "job:least-privilege"]',0,'834bd015-27ba-45b7-a02e-2418d9875ae9','e7b0ce9f-5771-450a-839f-204cc14cf5d7',NULL,'01a22e89-f558-72a4-b31d-cdd8d835a66d','Scheduled',NULL,NULL,'2026-11-30 22:18:42.904673',NULL,NULL,'a8347ad0-ec13-46ac-8fc9-37285a1904dc','{}','b0571156f4e7ed6c01e263f6b99aa1b5','{"prefect.flow.id": "834bd015-27ba-45b7-a02e-2418d9875ae9", "prefect.deployment.id": "e7b0ce9f-5771-450a-839f-204cc14cf5d7"}');
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
INSERT INTO "flow_run_state" VALUES('01a22e89-f33c-76e0-b935-47f1a6d8c56a','2026-11-30 22:18:42.386947','2026-11-30 22:18:42.386956','SCHEDULED','2026-11-30 22:18:42.364690','Scheduled',NULL,'{"flow_run_id": "460417b4-bdba-4f84-a960-076bacf36ecb", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": "2026-11-30T22:18:42.319788Z", "cache_key": null, "cache_expiration": null, "deferred": false, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": null, "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'460417b4-bdba-4f84-a960-076bacf36ecb',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e89-f39b-7571-8686-b27f4f05d2f4','2026-11-30 22:18:42.467682','2026-11-30 22:18:42.467690','COMPLETED','2026-11-30 22:18:42.459100','Completed',NULL,'{"flow_run_id": "460417b4-bdba-4f84-a960-076bacf36ecb", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": null, "cache_key": null, "cache_expiration": null, "deferred": null, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": "62c79b72-fe7d-453d-8b89-396c4dfd70b9", "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'460417b4-bdba-4f84-a960-076bacf36ecb',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e89-f3d9-7b74-9775-d27edd090087','2026-11-30 22:18:42.554417','2026-11-30 22:18:42.554427','SCHEDULED','2026-11-30 22:18:42.521557','Scheduled',NULL,'{"flow_run_id": "a1dfb9d5-c990-4122-8136-e44b3a699997", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": "2100-01-01T12:00:00Z", "cache_key": null, "cache_expiration": null, "deferred": false, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": null, "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'a1dfb9d5-c990-4122-8136-e44b3a699997',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e89-f43c-7ae3-8229-62b017e41e43','2026-11-30 22:18:42.628777','2026-11-30 22:18:42.628785','SCHEDULED','2026-11-30 22:18:42.620199','Scheduled',NULL,'{"flow_run_id": "98599d11-60a3-417a-ac43-c0e121579c6e", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": "2026-11-30T22:18:42.589950Z", "cache_key": null, "cache_expiration": null, "deferred": false, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": null, "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'98599d11-60a3-417a-ac43-c0e121579c6e',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e89-f450-731e-bc10-1342cf25af5d','2026-11-30 22:18:42.646810','2026-11-30 22:18:42.646818','COMPLETED','2026-11-30 22:18:42.640478','Completed',NULL,'{"flow_run_id": "98599d11-60a3-417a-ac43-c0e121579c6e", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": null, "cache_key": null, "cache_expiration": null, "deferred": null, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": "4f8e1815-3207-41f7-8a4b-d2f97606a5de", "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'98599d11-60a3-417a-ac43-c0e121579c6e',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e89-f47b-719a-8e5d-f4e23f3a0384','2026-11-30 22:18:42.691991','2026-11-30 22:18:42.692000','SCHEDULED','2026-11-30 22:18:42.683298','Scheduled',NULL,'{"flow_run_id": "d865e84d-9d6a-4d59-aa55-b65b1152c1e3", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": "2100-01-01T12:00:00Z", "cache_key": null, "cache_expiration": null, "deferred": false, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": null, "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'d865e84d-9d6a-4d59-aa55-b65b1152c1e3',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e89-f4de-7b66-b726-df35432297ca','2026-11-30 22:18:42.802322','2026-11-30 22:18:42.802331','SCHEDULED','2026-11-30 22:18:42.782350','Scheduled',NULL,'{"flow_run_id": "631b2b3c-c5df-405c-ad68-607da3139217", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": "2026-11-30T22:18:42.713889Z", "cache_key": null, "cache_expiration": null, "deferred": false, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": null, "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'631b2b3c-c5df-405c-ad68-607da3139217',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e89-f505-7cac-b442-4d7003da1742','2026-11-30 22:18:42.851886','2026-11-30 22:18:42.851895','COMPLETED','2026-11-30 22:18:42.823179','Completed',NULL,'{"flow_run_id": "631b2b3c-c5df-405c-ad68-607da3139217", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": null, "cache_key": null, "cache_expiration": null, "deferred": null, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": "7855f022-d9de-4cd1-84ad-630b19cd0a25", "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'631b2b3c-c5df-405c-ad68-607da3139217',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e89-f558-72a4-b31d-cdd8d835a66d','2026-11-30 22:18:42.918886','2026-11-30 22:18:42.918893','SCHEDULED','2026-11-30 22:18:42.904673','Scheduled',NULL,'{"flow_run_id": "185e356b-d3e5-40b9-9f79-f47c0f4b2ee0", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": "2100-01-01T12:00:00Z", "cache_key": null, "cache_expiration": null, "deferred": false, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": null, "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'185e356b-d3e5-40b9-9f79-f47c0f4b2ee0',NULL);
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
	CONSTRAINT fk_task_run_state__result_artifact_id__artifact FOREIGN KEY(result_artifact_id) REFERENCES artifact (id) ON DELETE SET NULL, 
	CONSTRAINT fk_task_run_state__task_run_id__task_run FOREIGN KEY(task_run_id) REFERENCES task_run (id) ON DELETE CASCADE
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
INSERT INTO "variable" VALUES('c698b310-895d-4cc0-b694-f5c60a5bc8b2','2026-11-30 22:18:43.142305','2026-11-30 22:18:43.142317','our_own','[]','["of", "a", "person"]');
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
INSERT INTO "work_pool" VALUES('a28673a9-380a-43c9-9713-9209dfbb9b4b','2026-11-30 22:18:34.221986','2026-11-30 22:18:34.241000','bulkhead',NULL,'process','{"job_configuration": {"command": "{{ command }}", "env": "{{ env }}", "labels": "{{ labels }}", "name": "{{ name }}", "stream_output": "{{ stream_output }}", "working_dir": "{{ working_dir }}"}, "variables": {"properties": {"name": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Name given to infrastructure created by a worker.", "title": "Name"}, "env": {"additionalProperties": {"anyOf": [{"type": "string"}, {"type": "null"}]}, "description": "Environment variables to set when starting a flow run.", "title": "Environment Variables", "type": "object"}, "labels": {"additionalProperties": {"type": "string"}, "description": "Labels applied to infrastructure created by a worker.", "title": "Labels", "type": "object"}, "command": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "The command to use when starting a flow run. In most cases, this should be left blank and the command will be automatically generated by the worker.", "title": "Command"}, "stream_output": {"default": true, "description": "If enabled, workers will stream output from flow run processes to local standard output.", "title": "Stream Output", "type": "boolean"}, "working_dir": {"anyOf": [{"format": "path", "type": "string"}, {"type": "null"}], "default": null, "description": "If provided, workers will open flow run processes within the specified path as the working directory. Otherwise, a temporary directory will be created.", "title": "Working Directory"}}, "type": "object"}}',0,NULL,'a8347ad0-ec13-46ac-8fc9-37285a1904dc','NOT_READY',NULL,NULL,'{"bundle_upload_step": null, "bundle_execution_step": null, "default_result_storage_block_id": null}');
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
	CONSTRAINT uq_work_queue__work_pool_id_name UNIQUE (work_pool_id, name), 
	CONSTRAINT fk_work_queue__work_pool_id__work_pool FOREIGN KEY(work_pool_id) REFERENCES work_pool (id) ON DELETE CASCADE
);
INSERT INTO "work_queue" VALUES('a8347ad0-ec13-46ac-8fc9-37285a1904dc','2026-11-30 22:18:34.225833','2026-11-30 22:18:34.225841','default',NULL,'The work pool''s default queue.',0,NULL,NULL,1,'a28673a9-380a-43c9-9713-9209dfbb9b4b','NOT_READY');
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
CREATE INDEX ix_block_document__name ON block_document (name);
CREATE UNIQUE INDEX uq_block__type_id_name ON block_document (block_type_id, name);
CREATE INDEX ix_block_document__is_anonymous ON block_document (is_anonymous);
CREATE INDEX ix_block_document__updated ON block_document (updated);
CREATE INDEX ix_block_type__updated ON block_type (updated);
CREATE UNIQUE INDEX uq_block_type__slug ON block_type (slug);
CREATE INDEX ix_block_type_name_case_insensitive ON block_type (name);
CREATE UNIQUE INDEX uq_concurrency_limit__tag ON concurrency_limit (tag);
CREATE UNIQUE INDEX uq_block_schema__checksum_version ON block_schema (checksum, version);
CREATE INDEX ix_worker__updated ON worker (updated);
CREATE INDEX ix_worker__work_pool_id_last_heartbeat_time ON worker (work_pool_id, last_heartbeat_time);
CREATE INDEX ix_worker__work_pool_id ON worker (work_pool_id);
CREATE INDEX ix_flow_run_state__name ON flow_run_state (name);
CREATE UNIQUE INDEX uq_flow_run_state__flow_run_id_timestamp_desc ON flow_run_state (flow_run_id, timestamp);
CREATE INDEX ix_flow_run_state__updated ON flow_run_state (updated);
CREATE INDEX ix_flow_run_state__result_artifact_id ON flow_run_state (result_artifact_id);
CREATE INDEX ix_flow_run_state__type ON flow_run_state (type);
CREATE INDEX ix_task_run_state__type ON task_run_state (type);
CREATE UNIQUE INDEX uq_task_run_state__task_run_id_timestamp_desc ON task_run_state (task_run_id, timestamp);
CREATE INDEX ix_task_run_state__name ON task_run_state (name);
CREATE INDEX ix_task_run_state__result_artifact_id ON task_run_state (result_artifact_id);
CREATE INDEX ix_task_run_state__updated ON task_run_state (updated);
CREATE INDEX ix_work_pool__updated ON work_pool (updated);
CREATE INDEX ix_work_pool__type ON work_pool (type);
CREATE INDEX ix_work_queue__work_pool_id_priority ON work_queue (work_pool_id, priority);
CREATE INDEX ix_work_queue__updated ON work_queue (updated);
CREATE INDEX ix_work_queue__work_pool_id ON work_queue (work_pool_id);
CREATE INDEX ix_artifact__flow_run_id ON artifact (flow_run_id);
CREATE INDEX ix_artifact__updated ON artifact (updated);
CREATE INDEX ix_artifact__task_run_id ON artifact (task_run_id);
CREATE INDEX ix_flow_run__start_time ON flow_run (start_time);
CREATE INDEX ix_flow_run__state_type ON flow_run (state_type);
CREATE INDEX ix_flow_run__flow_id ON flow_run (flow_id);
CREATE INDEX ix_flow_run_name_case_insensitive ON flow_run (name);
CREATE INDEX ix_flow_run__state_id ON flow_run (state_id);
CREATE INDEX ix_flow_run__updated ON flow_run (updated);
CREATE INDEX ix_flow_run__name ON flow_run (name);
CREATE INDEX ix_flow_run__flow_version ON flow_run (flow_version);
CREATE UNIQUE INDEX uq_flow_run__flow_id_idempotency_key ON flow_run (flow_id, idempotency_key);
CREATE INDEX ix_flow_run__state_name ON flow_run (state_name);
CREATE INDEX ix_flow_run__next_scheduled_start_time_asc ON flow_run (next_scheduled_start_time);
CREATE INDEX ix_flow_run__infrastructure_document_id ON flow_run (infrastructure_document_id);
CREATE INDEX ix_flow_run__end_time_desc ON flow_run (end_time);
CREATE INDEX ix_flow_run__work_queue_id ON flow_run (work_queue_id);
CREATE INDEX ix_flow_run__expected_start_time_desc ON flow_run (expected_start_time);
CREATE INDEX ix_flow_run__state_timestamp ON flow_run (state_timestamp);
CREATE INDEX ix_flow_run__parent_task_run_id ON flow_run (parent_task_run_id);
CREATE INDEX ix_flow_run__work_queue_name ON flow_run (work_queue_name);
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
CREATE INDEX ix_automation_event_follower__received ON automation_event_follower (received);
CREATE INDEX ix_automation_event_follower__updated ON automation_event_follower (updated);
CREATE INDEX ix_automation_event_follower__leader_event_id ON automation_event_follower (leader_event_id);
CREATE INDEX ix_automation_event_follower__scope ON automation_event_follower (scope);
CREATE UNIQUE INDEX uq_follower_for_scope ON automation_event_follower (scope, follower_event_id);
CREATE INDEX ix_artifact_collection__updated ON artifact_collection (updated);
CREATE INDEX ix_artifact__key_created_desc ON artifact ("key", created DESC);
CREATE INDEX ix_block_document__block_type_name__name ON block_document (block_type_name, name);
CREATE INDEX ix_deployment__created ON deployment (created);
CREATE UNIQUE INDEX uq_deployment__flow_id_name ON deployment (flow_id, name);
CREATE INDEX ix_deployment__updated ON deployment (updated);
CREATE INDEX ix_deployment__flow_id ON deployment (flow_id);
CREATE INDEX ix_deployment__work_queue_name ON deployment (work_queue_name);
CREATE INDEX ix_deployment_name_case_insensitive ON deployment (name);
CREATE INDEX ix_deployment__work_queue_id ON deployment (work_queue_id);
CREATE INDEX ix_deployment__paused ON deployment (paused);
CREATE INDEX ix_deployment_schedule__deployment_id ON deployment_schedule (deployment_id);
CREATE INDEX ix_deployment_schedule__updated ON deployment_schedule (updated);
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
CREATE INDEX ix_task_run__expected_start_time_desc ON task_run (expected_start_time);
CREATE INDEX ix_task_run__state_type ON task_run (state_type);
CREATE INDEX ix_task_run__state_id ON task_run (state_id);
CREATE UNIQUE INDEX uq_task_run__flow_run_id_task_key_dynamic_key ON task_run (flow_run_id, task_key, dynamic_key);
CREATE INDEX ix_task_run__end_time_desc ON task_run (end_time);
CREATE INDEX ix_task_run__next_scheduled_start_time_asc ON task_run (next_scheduled_start_time);
CREATE INDEX ix_task_run__state_name ON task_run (state_name);
CREATE INDEX ix_task_run_name_case_insensitive ON task_run (name);
CREATE INDEX ix_task_run__name ON task_run (name);
CREATE INDEX ix_task_run__start_time ON task_run (start_time);
CREATE INDEX ix_task_run__state_timestamp ON task_run (state_timestamp);
CREATE INDEX ix_task_run__flow_run_id ON task_run (flow_run_id);
CREATE INDEX ix_task_run__updated ON task_run (updated);
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
