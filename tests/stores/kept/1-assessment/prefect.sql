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
	CONSTRAINT fk_block_document__block_type_id__block_type FOREIGN KEY(block_type_id) REFERENCES block_type (id) ON DELETE CASCADE, 
	CONSTRAINT fk_block__block_schema_id__block_schema FOREIGN KEY(block_schema_id) REFERENCES block_schema (id) ON DELETE CASCADE
);
INSERT INTO "block_document" VALUES('e192a789-6598-4fca-8c0a-2d71cd94842f','2026-11-30 22:15:44.595047','2026-11-30 22:15:44.595055','hq','"gAAAAABrDfWQJP9_fXJDuafcJYWviVTwz4kJiiVK-BaqO2VDkzjcZ1AdcV7DUCRSkBWfYEI_mWCihNjeIDoak7KXrJD_VOwPULD_MuCevStsjAnVPbaylH3siQPuo75YZukk0ZbUIj7Is4_bbnGQ7Y_MoTQGsoab_pRr76-2qSlR9T1T9jKO7llpoGn00Y140l6y5koVBImR29rA9Pb0rVi1Ck5Ewj9QUWwgBKmRlLMNbXnqUN6tfyp45NPMwSYL3UkkHhA0gQYQYnfy1357s8uU57oihOWBr56d6cOAA8PoBduyXYehjTa9KNt_2u0gzqiSvZVTKu1HE5PPTEVm1GoOcDdCvvKHKAWU7XRxXYsm5T9Jy791YcQJndkNSET5zRpgbi5HaEQhRoq_lQrkqYOcZ0hFhkSYtOKQVutGGu6GnUw3fSWYF1MgpecrbcYjs7aNPKMOLtEwckkM1YOdOGuGgE7lBgCCcNCaP_kKyXvERIWkOx7lF0T4lNR629DloerGQprRojgU8noYp3obxt35EiCW0x6Rj_qM3ENbSQ4S_RebNsPYcprXMyrUWKgfJZVXimli-yuP"','a478626b-a8c5-4927-8aaa-69ee5cf6dd67','12ebeb3c-dee9-43b3-ba01-4859d8ccf1f3',0,'Salesforce Org');
INSERT INTO "block_document" VALUES('4c3a275f-5f9a-4750-a50f-3f3ee6ff4018','2026-11-30 22:15:44.739195','2026-11-30 22:15:44.739205','emea','"gAAAAABrDfWQigg7h8GhPYsqVwNt98QMMUsfAlEnneuF1FQxm3PNqkzW19GAP97nmiBd0BQKPL5JDD7VOApJ0f-W-xFpRKmcBMEzaNPKoeEsanoH8aMe6DPDGxCwnXbQvE1rHVk8_fMgADQy2tk5jPlAADb2r211qw5SH5jQX9FfICa36l57gnNW78TAaJH7R8bN8pmpRXr8uvngAFDQKkCEVYxV3zzzLksJJMMsKg_L1EhD7IO4MfQ7fN2yku1o2PmoEM7noDY8xwOmFys2G0sPAThfUQT3eJR09yOnaWpjrPVKrp_DQLaMQfak6f1PgbaAXKRkcJpCWLJNKAspl1DNYTBAxcCrfCSD1Sc0uVgZTKsApsFo63sA7aJoUrxAo48C-YKKcZT9mebWNlm7FJW9K7lWnED4roAlKYC3kKaG3r-GaWINulCfHzF8XV7juTTqH9-g8fmOzlftQmNej7lwwneE2IrA853Dmt7TOKnz-aULQZhAlZtODM356hVevNNaiwjsOgW8WASRAulbNjBqMzWS5-Kt2RITulIb2F0v1H0OlvXe9CMNa7L0C8aSHqUddVqhXHR1gGxpNB-XDipwlPD7JaZBfg=="','a478626b-a8c5-4927-8aaa-69ee5cf6dd67','12ebeb3c-dee9-43b3-ba01-4859d8ccf1f3',0,'Salesforce Org');
INSERT INTO "block_document" VALUES('ee35a505-aee4-49bb-a318-9bde128e7d2e','2026-11-30 22:15:44.876714','2026-11-30 22:15:44.876723','hq-uat','"gAAAAABrDfWQ-Dfy-LB5VzIdYAVn8vnD8zlJp6wpNVS2IkVY-OWTT_WbS3pbVlbLt9ydq4SIlKIubTn0WNvD8QbH8iLfMm_0wGK28i07cKmdESdqS-_irHycXON5DiQuj2T3VlhzQybUM9XU84enKVbDGB0LxkBlkQRBymiLlU7HVLPi9JLXSE_nkkw1-u-Tn8pf4Abu71BeNRK9zee98d3L8xjwqGu8t25X0D8VpUTqfxfcIKPDMeSGMaCXpYk5p99U30ar2GAnzqAmlDPVquzGGBGsQWA9GpUSGyCISgyWBudiPgPBPqrwba1dR72fFas8yZDc-I8KH-zo8mlxWzv5VPuATsVR8NhXyHQiMo2PztmzejBx9rWLMTTzKynllJ2TtFUsN7G26h1r6c_dtABZ5jJ0q_hq7Ot3REq0chSuj86Q9xij7GzDorurIzkVxWgaJInxMEKeQXTotyJ-QiW5F-5iL1Le85rkJiEKOcikWwsqdt1OAZzogMPLQ4cStIU-X0UMwU2r16kzPIE4dLhxMwK4eL7E407QKZS2h4AVGtNuRgQBsYY0uKj-c_d7dLkBX2_rIf3zFFpCybf6MY0QkXjtAShuHev5E-nha_Me04CWIWvKuQY="','a478626b-a8c5-4927-8aaa-69ee5cf6dd67','12ebeb3c-dee9-43b3-ba01-4859d8ccf1f3',0,'Salesforce Org');
INSERT INTO "block_document" VALUES('6c8a8137-af8f-4bfe-8a2a-4f9625b7e7cf','2026-11-30 22:15:45.017667','2026-11-30 22:15:45.017677','bulkhead','"gAAAAABrDfWRqJSx2_pX7Qb9e1MCzYyoZ63TszOBC4sMpQXlf5YwFWYfX7mo8pEHbPtWYSDfLfDbAcRhDALLV7WJpMxZMPkAKsyvbb2NgGwnzkKbagkV2GZenJjWqOA6JOklYpxqrOeZIcMX2ceGyIlF3Lrfe5lsTuPBvfqk-I9dZFNEU9_uilQREBXW3c5n6yODiVsvCEu8MbkSVtttpfzaS5WeK2_0iaf5zLgGRGXRpsT2c55wFMM="','c3fc6ea0-6514-4df9-9a04-2100a21bdcde','a2d2ce1f-f899-4ffd-bec7-5983d1ea7587',0,'AWS Secret Store');
INSERT INTO "block_document" VALUES('1164b979-1f36-49ef-bebf-a8c079935d92','2026-11-30 22:15:45.143826','2026-11-30 22:15:45.143838','security-slack','"gAAAAABrDfWRdYTOzJJGKIdHWdYjDt_HjRTTkbhJ4H6-eyXF9OOidHEZecT4IHZmSJfQqyYNvm9mdgpSKSs3zyuOawQpoyu_63EoR4aGFSC-c7Is8mtii4oGquyS00oNOZKYLMWaLvpyRqxAiiNX6NOaI4cYySmrmA=="','a7ae5b34-ad3c-42e3-9b07-88baf3b2aee0','7a2ed048-6f92-40f0-8f63-4e072dc4ad95',0,'Bulkhead Slack Channel');
INSERT INTO "block_document" VALUES('0a524394-0d48-49d6-862a-02c8313fcc28','2026-11-30 22:15:45.276430','2026-11-30 22:15:45.276440','bulkhead','"gAAAAABrDfWRKJRxXi2PTzjj76EcMRFd1V4zQfBazM36B_kdPeudPGUjJ7pw86umxuFv2SGe_ifk3rACi8vSMHuhu_UA8Ry7pIJIBVR9fqt-kxNe9Y5GYsSvQ_GmHjk0ijs3PfIda5IE0QrUnCQEQETgbnKe_DeC0zNjpiR2cXRv22nD36CVTS7rKeNrzDT0K6b_7ctiWuiEbURkHRYw7Iw6xxi2RUFL-rdgfAE5RMmDJANtFISLBKVRhl7Mlpu0koLvKLFWGvgRVAn0DfcbdOvQeVDy2_pyXjUSYZvB6ki7Cx0L02P3dDXwInkmLov206kX5LxbAirMaOK4Uud7DlIi00HKIv8Dz8si0FtMawDD2K_X9ghfNjKcdvR9dxzsuVrIoFHHfDORiqa0FsAvYFQLTVrdMhUvkiYNshZ-qxf9E9L7XAagjodUTsnNI1FLUymHOrdsvm-EPKjugQuHA2WfeGkF20eMiKbsN3I2PGLgePIYoWqsK-aPHXaeBkhtAb4PRV1acDQj7yxVycb8Ohg1BssIxOwqKAT057C1ZueSN6NunN4OwmOUfQ8EuEnaCgyOHNLb_BC51g8o8OKyrmlM4t4_aDGVis4HltS_-3emJaMrbwn0E9F6lKAy_xkKcmzRAF9IqFkJn8ZxRqL4l3gJb2t15bgNQRKN_mXwB54HysuQ3QKOVDlz__qXPQpDcwe2mRpYF8Gw9su7BV11ebi-IleynvLIkSFVlKTcs_Jk7YKuFqiileReP3OC7sC4eO85mCS1ZfL4yAbJ9H4tCHZQrr7Dcz3ZaFuX24X8pyAqb5V8l_EFq92rWuCa2bm8XJIAD46wLTkkdKbmA_vZB8WaVCQdNsJHVR0JWzqVy2RboUd8XkCZ8qnQSJ3wUgNoH20XoLJ6MrYk4sQ_lEs-GJxs9VDNJetB14e7oIg4s51t9iDdYjANsZL1KLkL_VQjyFo5vBG3bnUGvazV3B4eWWroWC3J9x1DIFOQYSe7axIx9qY6hWDAgNZ4c2Cp8XndLebf8GjOTCMsjqqMNiKFCKnZck4Xeb0BTaHgsD_NbEXxoovE6SbXHuhFSXjXYUMCzRKEbuI5kylwQi-OoDtU2KDCEFQhVGhWcdikXzopTGJBtOIO4xG7-qreurKIb6yUeH1SaXHRw-4TxgZQgFHc2YTn_DKHMxkBVf0o4ixGwwCR-j9pXN5RI0lSVaEkTrL9Yb5vmXj65HJsAmfTgh3Rgf1D62lXGWr5L5FU4zh6mF28n2YD6oA4SXLRFRCocV5TbPsJRlve6m6vIqhjsIWIIDTkMpLbJNSRN616prQk1YYffuAWj1s-7h1QKBTHxqhJv6ubtYsCnh424-a-HSiBzVFscYKzp6d250Vr81-zTldetyc2BMqAjFLrRfeAIWWa86e6u5Zh8tfYP1lGxeUxBX9cmofBY-Y2MXLwe_jz-5JpdtT12EOspTCvv7az-MU7RUAO1cWSxa8YxbqqH9dD9jynvfZ36KSDTnwAYp1evAy8A_mtpZ-RjjvVxu2fF9syccLSQI7VKaCNuyJYWkYIkSwQEDby0O9N7wlDwbGZGDGtZwtFuUj16hR0MsHEje14RM4aR466hi5h7wHHRsVBizrS2Mn2OPnAUAAMaPfxZtfq14fCs3L6tdvcRc96RQRRwnLkQx7of-CqYL0gJwxR-1n1w7Dz1w2U2CG3UtwZTYeNvxW6XEjbyzohqkrkhQk61Bp-3ymguNdgoutdY0788wKFwxp5Jt-vDxfDqET-NSOjS6179sAVlh57eoac7qJEHHdN1LRmFWl2zWNNC0LTx95KVCIDOoxSBPDis_GfVJFwxUiDGmR2rvU1H-bhInJ2v9_ogKu45-o21EYHB78fxQnNgbUB3JpBHOqpsWY3QebA0ynyiTLuYUlx-aeLjozBxgKx6hqS4Qqx7aUCiggPF9oQX8MSjgeqC520vu3fIuibjPDON1F3kbZkrOhYNdLEfqH2taue9OHvQBpDJvTF5CiDbu_kjsaK4b8MpnYziP0U6LyQhO0bFvk53FRiI6e3ktbI3zrOn8T63JL2JM_csOOfHqlxearYyaO-K69v-XtaAtsYOHo-mkoR3yz4YFu--TU5kdjj6BRyJ1xDkdOFqVuBEHiEOR5USmiSurBskwH1qn5uIeTml4PwBzsDrKrKbePPY9eh9MgUT9BTF1KerklyKSy_TdurgGg4Yr5uxMQJGSytu0ipc0KXgtHXG9zMYF3hUhsO3qEfoDrShZlceVNqT5du0TjZkrysEE_SJs7r39pyOSgSKOkBravqDoUX7643pR8j0dMcikVWmJ_aEO_1LA-T1hH1pY_ocywlwN2XtmJW97_4Xg_CwT41T7xYeD1Nw1jXMnYikZ4kBxjLG2GOnRs_p0DatZeeipgELDlTnk26Q6dpa1GJ5myGxAbWanS_U3t0X0InYnPlVkNT9TqkQndjTt8eipZh8p8tBwWqyXucSjwv8F9rMfY-f7iz3Z4psegTC7vbQXMNioHM5TD_oudYntbqVeSSf6fRA10IU7W1JMeLl1Teb4Ud-VBN-9u1gL3eesGwIhtmtjHUaG2ga6JDluFn5-RrirkXbyeVxae845U3_jx_Pcmfvb3JlRn2ZBHPm0p6Tud5eEZzdxvxKDPKF9xzE32EfN_H6T5SJA0uuWqRvhiie3FfU-kpPdE5zIgMXf_YmXBskQzBR4ykmDNzsrGUKfOh_IRyKlmTu7FBYGsMg85JQGgavIDOxUmYd0Y6DCuEzmeXki7bt0fcaeqDE8xup7wm9I6DtJThrh34j4vp1ztqLzHiqENOGIeMwYv1YcPtbSb1FwtqbvbqpAclnZdr8R-0gj6bJouhE6c1nVoUA91vMNQ2QYaZY5S0asx27NiIyrq9oR6YFzhHiF-jHw095sdicH0veRZ00f__HIVIg9VuuG0EiJkzyGUmc7AKb-aHjZpYfqp2dtUDtU56V_qZMGgdbJYDtRW4YQo_oP1YbsKV-SaVWmBIDUg9UxtaOcL9wQv0YbedX11-6Ah_twr-P0mHYtff0TtcJovtScXO1eA7DezQRrSrRXHYDhWO7o1g6prMR88_vXEnHurxYOOf8K3XiDVqv-Rz9JHf8yEEPlFZaiiFRGgmMz0dip8l3231GYydYUGmLW4Rh8awbO2g7EZ95SFeBnfs1sGHVrjlInZucZPD2HB2UG2dOS7ahAjMt-qczSyv7b3kjJ0eMVRm_s8LdULkpwQQ2bU_OHrXBttSLWcihgH6xFBBMvLA_A9JFkH7FB3Ie4Xso4ITnuh9AnQogafBuhhTO5MopzEWqo8TSzOihuHOsHeeZ_XLfv5noMgPGb9o72Jp-u9HVorMjew64eZdJlyTLx-HRzmwQX274PkmYgnW4XDYEkR7pQk4hG0cpnwtfkZFUyI_37Mpaw6OE48a7WMn5fWcB1EbvvCpqGwW8Yey3wY_z11lycd6KN0VuoaOnDOOVwoK5i36ZHIwy7P3Go4ubZkOXI11mkBkV6Y3S85MJ9p5_ggw-kYQVrO6kH3N8I9bz7rsWl4gx5P1a0f0OfG2e1G74ESHw6561wLaKSBifVesoDV-41UUrKmuYLgvlUKxeObB_W5MGvrOkI6jAehlmVka_rZWnSPjXtwU0jfaEJLYUeScbbrXkp-k_5gGC6o0MRJtB-qpHWP85XLcJFJbZJYqLYHKoPy2OVml7VVVV1aJ-Q-NnHDOPgYn3Ej3VkK5RMQtSYFhfMP6ej9KoDjQBuv99hUXinUGKwfJS_6cRbMvqBZh-Nr1QkcjMCsp8du4XEcU2gOH8TFe6pqMmFhOuXNw3KzDS7OHX36U-9roNDco0dhwIqRLeB6_u8lrBXJthByh4AGjs8wXXFbM9MSkK4owc3YOmpa_pyM7WAdIgG-RLuynDP-uz52A33uman2INmtKC-jrqAj2xpWey8pmN8jV0irj8V9pgXiBsFm_oKGY0o0UNlIQ3lOqmQdHluAwb5tllvMY7V370-Nf1wss6ZHFXVp6oSAGLKyPyg8tFhdFTgKTnanXzFD2JRRkD4pzjWWB1T4KnOHG1ARr9x8VYSQt2bLFwDs-LGFrgAfnrBwHOgVYpfN-LnDF1_23S0bFnDkI3w_AXET8asgCN1lZmhVnl7OBwIHDA51fmctnc5DSodnQ1B8g"','1ebe5c76-d633-4ed5-b829-2366b01c8521','271307e4-aaa6-4059-b7f4-8195015e466b',0,'Bulkhead Estate');
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
INSERT INTO "block_schema" VALUES('a478626b-a8c5-4927-8aaa-69ee5cf6dd67','2026-11-30 22:15:44.488802','2026-11-30 22:15:44.488816','{"block_type_slug": "salesforce-org", "description": "A Salesforce org: where it is, how it is reached, and as whom.", "properties": {"alias": {"description": "Short name of the org, used everywhere.", "pattern": "^[a-z0-9-]+$", "title": "Alias", "type": "string", "position": 0}, "my_domain": {"description": "My Domain address, such as https://acme.my.salesforce.com.", "title": "My Domain", "type": "string", "position": 1}, "kind": {"description": "Whether the org holds production data.", "enum": ["production", "sandbox"], "title": "Kind", "type": "string", "position": 2}, "scanner": {"$ref": "#/definitions/OrgIdentity", "description": "Identity that reads; its session refuses every write.", "position": 3}, "enforcer": {"anyOf": [{"$ref": "#/definitions/OrgIdentity"}, {"type": "null"}], "default": null, "description": "Identity that changes, for approved plans only.", "position": 4}, "proxy": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "HTTP proxy through which the org is reached.", "title": "Proxy", "position": 5}, "ca_bundle": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "File of certificate authorities to trust.", "title": "Ca Bundle", "position": 6}, "region": {"default": "", "description": "Where the org''s data lives.", "title": "Region", "type": "string", "position": 7}, "time_zone": {"default": "UTC", "description": "IANA time zone of the org''s business hours.", "title": "Time Zone", "type": "string", "position": 8}}, "required": ["alias", "my_domain", "kind", "scanner"], "secret_fields": [], "title": "SalesforceOrg", "type": "object", "definitions": {"OrgIdentity": {"description": "One of our users in an org and the name of the secret that signs it in.", "properties": {"flow": {"description": "OAuth flow that gets the token.", "enum": ["jwt-bearer", "client-credentials"], "title": "Flow", "type": "string"}, "username": {"description": "User name in the org.", "title": "Username", "type": "string"}, "secret": {"description": "Name of the secret that holds the consumer key and the private key or secret.", "title": "Secret", "type": "string"}}, "required": ["flow", "username", "secret"], "title": "OrgIdentity", "type": "object"}}}','12ebeb3c-dee9-43b3-ba01-4859d8ccf1f3','sha256:000266f408940cd0a38b0a7aae16dad883ffc4c413ad7f7f6f5036c82f8b4f2c','[]','non-versioned');
INSERT INTO "block_schema" VALUES('c3fc6ea0-6514-4df9-9a04-2100a21bdcde','2026-11-30 22:15:44.956181','2026-11-30 22:15:44.956192','{"block_type_slug": "aws-secret-store", "description": "AWS Secrets Manager of one account and region. Credentials come from the usual AWS chain or a named file.", "properties": {"region": {"description": "AWS region, such as us-east-1.", "title": "Region", "type": "string", "position": 0}, "endpoint_url": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Endpoint, where it is not the public one.", "title": "Endpoint Url", "position": 1}, "profile": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Profile of the shared credentials file.", "title": "Profile", "position": 2}, "shared_credentials_file": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Path of the shared credentials file.", "title": "Shared Credentials File", "position": 3}, "ca_bundle": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "File of certificate authorities to trust.", "title": "Ca Bundle", "position": 4}}, "required": ["region"], "secret_fields": [], "title": "SecretStore", "type": "object"}','a2d2ce1f-f899-4ffd-bec7-5983d1ea7587','sha256:e2839f274439203f7377b6e9af6b57f095487570151fa5b4984f9ba9a5712286','[]','non-versioned');
INSERT INTO "block_schema" VALUES('a7ae5b34-ad3c-42e3-9b07-88baf3b2aee0','2026-11-30 22:15:45.095386','2026-11-30 22:15:45.095397','{"block_type_slug": "bulkhead-slack-channel", "description": "A Slack channel that alerts of some orgs go to.", "properties": {"orgs": {"description": "Aliases of the orgs whose alerts go here.", "items": {"type": "string"}, "title": "Orgs", "type": "array", "position": 0}, "secret": {"description": "Name of the secret that holds the incoming-webhook address.", "title": "Secret", "type": "string", "position": 1}}, "required": ["orgs", "secret"], "secret_fields": [], "title": "SlackChannel", "type": "object"}','7a2ed048-6f92-40f0-8f63-4e072dc4ad95','sha256:6bcf4fffc77fdd878af42fe2ff1e30cb9dddc8bd7241814f1fc1b1bff37f30ff','[]','non-versioned');
INSERT INTO "block_schema" VALUES('1ebe5c76-d633-4ed5-b829-2366b01c8521','2026-11-30 22:15:45.227432','2026-11-30 22:15:45.227442','{"block_type_slug": "bulkhead-estate", "description": "The registered estate and policy, validated before they were saved.", "properties": {"estate": {"description": "The estate: orgs, routes, channels, attestations.", "title": "Estate", "type": "object", "position": 0}, "policy": {"description": "The policy: networks, thresholds, caps, waivers.", "title": "Policy", "type": "object", "position": 1}}, "required": ["estate", "policy"], "secret_fields": [], "title": "EstateDocument", "type": "object"}','271307e4-aaa6-4059-b7f4-8195015e466b','sha256:a04a0c0a780a695fe532dfe5eeca6aee28a2965b5ff17c9dc64da93a0c0b2b56','[]','non-versioned');
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
INSERT INTO "block_type" VALUES('12ebeb3c-dee9-43b3-ba01-4859d8ccf1f3','2026-11-30 22:15:44.454146','2026-11-30 22:15:44.454156','Salesforce Org',NULL,'https://help.salesforce.com/s/articleView?id=sf.domain_name_overview.htm','A Salesforce org: where it is, how it is reached, and as whom.','```python
from blocks import SalesforceOrg

org = SalesforceOrg.load("hq")
```',0,'salesforce-org');
INSERT INTO "block_type" VALUES('a2d2ce1f-f899-4ffd-bec7-5983d1ea7587','2026-11-30 22:15:44.928510','2026-11-30 22:15:44.928517','AWS Secret Store',NULL,'https://docs.aws.amazon.com/secretsmanager/','AWS Secrets Manager of one account and region. Credentials come from the usual AWS chain or a named file.','```python
from blocks import SecretStore

store = SecretStore.load("bulkhead")
```',0,'aws-secret-store');
INSERT INTO "block_type" VALUES('7a2ed048-6f92-40f0-8f63-4e072dc4ad95','2026-11-30 22:15:45.072797','2026-11-30 22:15:45.072805','Bulkhead Slack Channel',NULL,'https://api.slack.com/messaging/webhooks','A Slack channel that alerts of some orgs go to.','```python
from blocks import SlackChannel

channel = SlackChannel.load("security")
```',0,'bulkhead-slack-channel');
INSERT INTO "block_type" VALUES('271307e4-aaa6-4059-b7f4-8195015e466b','2026-11-30 22:15:45.201614','2026-11-30 22:15:45.201623','Bulkhead Estate',NULL,'https://csrc.nist.gov/pubs/sp/800/207/final','The registered estate and policy, validated before they were saved.','```python
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
INSERT INTO "concurrency_limit_v2" VALUES('ae8d0caa-8a38-427f-9bf7-e5548398eaec','2026-11-30 22:15:45.657850','2026-11-30 22:15:45.657859',1,'deployment:22ea0e53-da39-45bc-8423-6ecbd8a7b385',1,0,0,0.0,2.0);
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
INSERT INTO "configuration" VALUES('5e6f2019-56e3-4967-be8a-557e7b2b186c','2026-11-30 22:15:44.592024','2026-11-30 22:15:44.592035','ENCRYPTION_KEY','{"fernet_key": "4vaqJdDKMbfP5YGyZcQG2bja9nTYjqCyniUIwietFiM="}');
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
	CONSTRAINT fk_deployment__flow_id__flow FOREIGN KEY(flow_id) REFERENCES flow (id) ON DELETE CASCADE, 
	CONSTRAINT fk_deployment__concurrency_limit_id__concurrency_limit_v2 FOREIGN KEY(concurrency_limit_id) REFERENCES concurrency_limit_v2 (id) ON DELETE SET NULL, 
	CONSTRAINT fk_deployment__infrastructure_document_id__block_document FOREIGN KEY(infrastructure_document_id) REFERENCES block_document (id) ON DELETE CASCADE, 
	CONSTRAINT fk_deployment__work_queue_id__work_queue FOREIGN KEY(work_queue_id) REFERENCES work_queue (id) ON DELETE SET NULL, 
	CONSTRAINT fk_deployment__storage_document_id__block_document FOREIGN KEY(storage_document_id) REFERENCES block_document (id) ON DELETE CASCADE
);
INSERT INTO "deployment" VALUES('22ea0e53-da39-45bc-8423-6ecbd8a7b385','2026-11-30 22:15:45.609484','2026-11-30 22:15:45.994000','assessment-weekly','["phase:assessment", "job:assessment"]','{}','d0cbbe25-7892-4c7d-a3a7-df719db98a35','Reads every org of the estate, shows **who trusts whom and how far one stolen cr',NULL,'{"title": "Parameters", "type": "object", "properties": {"orgs": {"default": [], "description": "Aliases of the orgs to read, as in estate.yaml. **Leave empty for all.** Trust between two orgs shows only when both are read.", "items": {"maxLength": 40, "pattern": "^[a-z0-9-]+$", "type": "string"}, "position": 0, "title": "orgs", "type": "array"}, "fail_on": {"default": "never", "description": "Ends the run as failed, after everything is published, when a finding is at least this severe.", "enum": ["never", "low", "medium", "high", "critical"], "position": 1, "title": "fail_on", "type": "string"}}}',NULL,'a9e3058c7014b556c318304016d680d4','{}',NULL,'flows.assessment.assessment',NULL,NULL,NULL,'29121622-65fc-4f4d-9a61-049ee675846c','[]',1,NULL,1,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','ae8d0caa-8a38-427f-9bf7-e5548398eaec','{"prefect.flow.id": "d0cbbe25-7892-4c7d-a3a7-df719db98a35"}',NULL);
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
INSERT INTO "deployment_schedule" VALUES('c9cdb568-0bd3-4a24-8c81-96fab84ea7c7','2026-11-30 22:15:45.635815','2026-11-30 22:15:45.635824','{"cron": "0 3 * * 1", "timezone": "UTC", "day_or": true}',1,'22ea0e53-da39-45bc-8423-6ecbd8a7b385',NULL,'{}','weekly');
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
INSERT INTO "flow" VALUES('d0cbbe25-7892-4c7d-a3a7-df719db98a35','2026-11-30 22:15:45.575060','2026-11-30 22:15:45.575070','assessment','[]','{}');
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
	CONSTRAINT fk_flow_run__state_id__flow_run_state FOREIGN KEY(state_id) REFERENCES flow_run_state (id) ON DELETE SET NULL, 
	CONSTRAINT fk_flow_run__flow_id__flow FOREIGN KEY(flow_id) REFERENCES flow (id) ON DELETE CASCADE, 
	CONSTRAINT fk_flow_run__work_queue_id__work_queue FOREIGN KEY(work_queue_id) REFERENCES work_queue (id) ON DELETE SET NULL, 
	CONSTRAINT fk_flow_run__parent_task_run_id__task_run FOREIGN KEY(parent_task_run_id) REFERENCES task_run (id) ON DELETE SET NULL
);
INSERT INTO "flow_run" VALUES('29c1b035-bc6b-4376-9ffc-56ce255a1be7','2026-11-30 22:15:45.826814','2026-11-30 22:15:45.879000','over-assessment-weekly','COMPLETED',0,'2026-11-30 22:15:45.790771',NULL,'2026-11-30 22:15:45.864438','2026-11-30 22:15:45.864438','1970-01-01 00:00:00.000000',NULL,'{"orgs": ["emea", "hq"]}',NULL,'{}','{"max_retries": 0, "retry_delay_seconds": 0.0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false, "retry_type": null}','["phase:assessment", "job:assessment"]',0,'d0cbbe25-7892-4c7d-a3a7-df719db98a35','22ea0e53-da39-45bc-8423-6ecbd8a7b385',NULL,'01a22e87-41c8-73c8-9f8a-421c53cbca6d','Completed',NULL,NULL,'2026-11-30 22:15:45.864438',NULL,NULL,'29121622-65fc-4f4d-9a61-049ee675846c','{}','a9e3058c7014b556c318304016d680d4','{"prefect.flow.id": "d0cbbe25-7892-4c7d-a3a7-df719db98a35", "prefect.deployment.id": "22ea0e53-da39-45bc-8423-6ecbd8a7b385"}');
INSERT INTO "flow_run" VALUES('c1b94075-0730-47c7-8b37-9a9892bbd1df','2026-11-30 22:15:45.915207','2026-11-30 22:15:45.924000','ahead-assessment-weekly','SCHEDULED',0,'2100-01-01 12:00:00.000000','2100-01-01 12:00:00.000000',NULL,NULL,'1970-01-01 00:00:00.000000',NULL,'{"orgs": ["emea", "hq"]}',NULL,'{}','{"max_retries": 0, "retry_delay_seconds": 0.0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false, "retry_type": null}','["phase:assessment", "job:assessment"]',0,'d0cbbe25-7892-4c7d-a3a7-df719db98a35','22ea0e53-da39-45bc-8423-6ecbd8a7b385',NULL,'01a22e87-41fb-7299-9a07-f0ab39b4d8d9','Scheduled',NULL,NULL,'2026-11-30 22:15:45.915033',NULL,NULL,'29121622-65fc-4f4d-9a61-049ee675846c','{}','a9e3058c7014b556c318304016d680d4','{"prefect.flow.id": "d0cbbe25-7892-4c7d-a3a7-df719db98a35", "prefect.deployment.id": "22ea0e53-da39-45bc-8423-6ecbd8a7b385"}');
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
INSERT INTO "flow_run_state" VALUES('01a22e87-41a2-747f-b5c5-7735a44dd340','2026-11-30 22:15:45.842559','2026-11-30 22:15:45.842569','SCHEDULED','2026-11-30 22:15:45.826631','Scheduled',NULL,'{"flow_run_id": "29c1b035-bc6b-4376-9ffc-56ce255a1be7", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": "2026-11-30T22:15:45.790771Z", "cache_key": null, "cache_expiration": null, "deferred": false, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": null, "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'29c1b035-bc6b-4376-9ffc-56ce255a1be7',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e87-41c8-73c8-9f8a-421c53cbca6d','2026-11-30 22:15:45.877207','2026-11-30 22:15:45.877216','COMPLETED','2026-11-30 22:15:45.864438','Completed',NULL,'{"flow_run_id": "29c1b035-bc6b-4376-9ffc-56ce255a1be7", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": null, "cache_key": null, "cache_expiration": null, "deferred": null, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": "f0fe5f17-e1a4-485a-97d8-eeb169c3c75d", "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'29c1b035-bc6b-4376-9ffc-56ce255a1be7',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e87-41fb-7299-9a07-f0ab39b4d8d9','2026-11-30 22:15:45.922880','2026-11-30 22:15:45.922889','SCHEDULED','2026-11-30 22:15:45.915033','Scheduled',NULL,'{"flow_run_id": "c1b94075-0730-47c7-8b37-9a9892bbd1df", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": "2100-01-01T12:00:00Z", "cache_key": null, "cache_expiration": null, "deferred": false, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": null, "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'c1b94075-0730-47c7-8b37-9a9892bbd1df',NULL);
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
INSERT INTO "variable" VALUES('d998c7b5-d5a4-4cae-9fc1-b6bc0126cb7d','2026-11-30 22:15:46.079523','2026-11-30 22:15:46.079530','our_own','[]','["of", "a", "person"]');
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
INSERT INTO "work_pool" VALUES('67b08aa5-1391-4dfc-aac3-ec14940391c1','2026-11-30 22:15:45.394200','2026-11-30 22:15:45.407000','bulkhead',NULL,'process','{"job_configuration": {"command": "{{ command }}", "env": "{{ env }}", "labels": "{{ labels }}", "name": "{{ name }}", "stream_output": "{{ stream_output }}", "working_dir": "{{ working_dir }}"}, "variables": {"properties": {"name": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Name given to infrastructure created by a worker.", "title": "Name"}, "env": {"additionalProperties": {"anyOf": [{"type": "string"}, {"type": "null"}]}, "description": "Environment variables to set when starting a flow run.", "title": "Environment Variables", "type": "object"}, "labels": {"additionalProperties": {"type": "string"}, "description": "Labels applied to infrastructure created by a worker.", "title": "Labels", "type": "object"}, "command": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "The command to use when starting a flow run. In most cases, this should be left blank and the command will be automatically generated by the worker.", "title": "Command"}, "stream_output": {"default": true, "description": "If enabled, workers will stream output from flow run processes to local standard output.", "title": "Stream Output", "type": "boolean"}, "working_dir": {"anyOf": [{"format": "path", "type": "string"}, {"type": "null"}], "default": null, "description": "If provided, workers will open flow run processes within the specified path as the working directory. Otherwise, a temporary directory will be created.", "title": "Working Directory"}}, "type": "object"}}',0,NULL,'29121622-65fc-4f4d-9a61-049ee675846c','NOT_READY',NULL,NULL,'{"bundle_upload_step": null, "bundle_execution_step": null, "default_result_storage_block_id": null}');
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
INSERT INTO "work_queue" VALUES('29121622-65fc-4f4d-9a61-049ee675846c','2026-11-30 22:15:45.398024','2026-11-30 22:15:45.398034','default',NULL,'The work pool''s default queue.',0,NULL,NULL,1,'67b08aa5-1391-4dfc-aac3-ec14940391c1','NOT_READY');
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
CREATE INDEX ix_block_document__updated ON block_document (updated);
CREATE UNIQUE INDEX uq_block__type_id_name ON block_document (block_type_id, name);
CREATE INDEX ix_block_document__is_anonymous ON block_document (is_anonymous);
CREATE INDEX ix_block_type_name_case_insensitive ON block_type (name);
CREATE UNIQUE INDEX uq_block_type__slug ON block_type (slug);
CREATE INDEX ix_block_type__updated ON block_type (updated);
CREATE UNIQUE INDEX uq_concurrency_limit__tag ON concurrency_limit (tag);
CREATE UNIQUE INDEX uq_block_schema__checksum_version ON block_schema (checksum, version);
CREATE INDEX ix_worker__updated ON worker (updated);
CREATE INDEX ix_worker__work_pool_id_last_heartbeat_time ON worker (work_pool_id, last_heartbeat_time);
CREATE INDEX ix_worker__work_pool_id ON worker (work_pool_id);
CREATE INDEX ix_flow_run_state__result_artifact_id ON flow_run_state (result_artifact_id);
CREATE INDEX ix_flow_run_state__name ON flow_run_state (name);
CREATE INDEX ix_flow_run_state__type ON flow_run_state (type);
CREATE INDEX ix_flow_run_state__updated ON flow_run_state (updated);
CREATE UNIQUE INDEX uq_flow_run_state__flow_run_id_timestamp_desc ON flow_run_state (flow_run_id, timestamp);
CREATE INDEX ix_task_run_state__name ON task_run_state (name);
CREATE INDEX ix_task_run_state__result_artifact_id ON task_run_state (result_artifact_id);
CREATE INDEX ix_task_run_state__updated ON task_run_state (updated);
CREATE INDEX ix_task_run_state__type ON task_run_state (type);
CREATE UNIQUE INDEX uq_task_run_state__task_run_id_timestamp_desc ON task_run_state (task_run_id, timestamp);
CREATE INDEX ix_work_pool__updated ON work_pool (updated);
CREATE INDEX ix_work_pool__type ON work_pool (type);
CREATE INDEX ix_work_queue__updated ON work_queue (updated);
CREATE INDEX ix_work_queue__work_pool_id_priority ON work_queue (work_pool_id, priority);
CREATE INDEX ix_work_queue__work_pool_id ON work_queue (work_pool_id);
CREATE INDEX ix_artifact__task_run_id ON artifact (task_run_id);
CREATE INDEX ix_artifact__updated ON artifact (updated);
CREATE INDEX ix_artifact__flow_run_id ON artifact (flow_run_id);
CREATE INDEX ix_flow_run__parent_task_run_id ON flow_run (parent_task_run_id);
CREATE INDEX ix_flow_run__state_type ON flow_run (state_type);
CREATE INDEX ix_flow_run_name_case_insensitive ON flow_run (name);
CREATE INDEX ix_flow_run__infrastructure_document_id ON flow_run (infrastructure_document_id);
CREATE INDEX ix_flow_run__start_time ON flow_run (start_time);
CREATE INDEX ix_flow_run__updated ON flow_run (updated);
CREATE INDEX ix_flow_run__end_time_desc ON flow_run (end_time);
CREATE INDEX ix_flow_run__expected_start_time_desc ON flow_run (expected_start_time);
CREATE INDEX ix_flow_run__state_id ON flow_run (state_id);
CREATE UNIQUE INDEX uq_flow_run__flow_id_idempotency_key ON flow_run (flow_id, idempotency_key);
CREATE INDEX ix_flow_run__flow_id ON flow_run (flow_id);
CREATE INDEX ix_flow_run__next_scheduled_start_time_asc ON flow_run (next_scheduled_start_time);
CREATE INDEX ix_flow_run__work_queue_id ON flow_run (work_queue_id);
CREATE INDEX ix_flow_run__state_name ON flow_run (state_name);
CREATE INDEX ix_flow_run__name ON flow_run (name);
CREATE INDEX ix_flow_run__flow_version ON flow_run (flow_version);
CREATE INDEX ix_flow_run__state_timestamp ON flow_run (state_timestamp);
CREATE INDEX ix_flow_run__work_queue_name ON flow_run (work_queue_name);
CREATE INDEX ix_artifact__key ON artifact ("key");
CREATE INDEX ix_artifact_collection__key_latest_id ON artifact_collection ("key", latest_id);
CREATE INDEX ix_concurrency_limit_v2__updated ON concurrency_limit_v2 (updated);
CREATE INDEX ix_log__timestamp ON log (timestamp);
CREATE INDEX ix_log__flow_run_id ON log (flow_run_id);
CREATE INDEX ix_log__level ON log (level);
CREATE INDEX ix_log__task_run_id ON log (task_run_id);
CREATE INDEX ix_log__updated ON log (updated);
CREATE INDEX ix_log__flow_run_id_timestamp ON log (flow_run_id, timestamp);
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
CREATE INDEX ix_automation_bucket__updated ON automation_bucket (updated);
CREATE INDEX ix_automation_bucket__automation_id__end ON automation_bucket (automation_id, "end");
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
CREATE INDEX ix_automation_event_follower__updated ON automation_event_follower (updated);
CREATE INDEX ix_automation_event_follower__received ON automation_event_follower (received);
CREATE INDEX ix_automation_event_follower__scope ON automation_event_follower (scope);
CREATE UNIQUE INDEX uq_follower_for_scope ON automation_event_follower (scope, follower_event_id);
CREATE INDEX ix_artifact_collection__updated ON artifact_collection (updated);
CREATE INDEX ix_artifact__key_created_desc ON artifact ("key", created DESC);
CREATE INDEX ix_block_document__block_type_name__name ON block_document (block_type_name, name);
CREATE INDEX ix_deployment__work_queue_id ON deployment (work_queue_id);
CREATE INDEX ix_deployment__flow_id ON deployment (flow_id);
CREATE INDEX ix_deployment__created ON deployment (created);
CREATE INDEX ix_deployment_name_case_insensitive ON deployment (name);
CREATE INDEX ix_deployment__work_queue_name ON deployment (work_queue_name);
CREATE UNIQUE INDEX uq_deployment__flow_id_name ON deployment (flow_id, name);
CREATE INDEX ix_deployment__updated ON deployment (updated);
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
CREATE INDEX ix_task_run__flow_run_id ON task_run (flow_run_id);
CREATE INDEX ix_task_run__next_scheduled_start_time_asc ON task_run (next_scheduled_start_time);
CREATE INDEX ix_task_run__state_id ON task_run (state_id);
CREATE UNIQUE INDEX uq_task_run__flow_run_id_task_key_dynamic_key ON task_run (flow_run_id, task_key, dynamic_key);
CREATE INDEX ix_task_run__state_name ON task_run (state_name);
CREATE INDEX ix_task_run_name_case_insensitive ON task_run (name);
CREATE INDEX ix_task_run__start_time ON task_run (start_time);
CREATE INDEX ix_task_run__state_type ON task_run (state_type);
CREATE INDEX ix_task_run__end_time_desc ON task_run (end_time);
CREATE INDEX ix_task_run__updated ON task_run (updated);
CREATE INDEX ix_task_run__name ON task_run (name);
CREATE INDEX ix_task_run__state_timestamp ON task_run (state_timestamp);
CREATE INDEX ix_task_run__expected_start_time_desc ON task_run (expected_start_time);
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
