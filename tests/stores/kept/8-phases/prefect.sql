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
INSERT INTO "automation" VALUES('alert-to-incident','An alert that names an actor starts the playbook: contain, collect, notify. Policy says how far.',1,'{"type": "event", "id": "6c9ffa42-1d15-417b-96cd-80af28327544", "match": {"prefect.resource.id": "zero-trust.org.*", "zero-trust.actor": "known", "zero-trust.severity": ["error", "critical"]}, "match_related": {}, "after": [], "expect": ["zero-trust.alert.opened"], "for_each": [], "posture": "Reactive", "threshold": 1, "within": 0.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "e30fab9d-291d-4f5a-b669-21dd11ad0698", "parameters": {"org": "{{ event.payload.org }}", "username": "{{ event.payload.actor }}", "detection": "{{ event.payload.kind }}", "detected": "{{ event.occurred.isoformat() }}", "alert": "{{ event.payload.key }}"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','5d5ae68f-9431-452b-bb2c-1241ebe3fa83','2026-11-30 22:19:32.361163','2026-11-30 22:19:32.361173','[]');
INSERT INTO "automation" VALUES('failed-run-to-alert','A scheduled run that failed, crashed or took too long opens an alert; the next that succeeds ends it.',1,'{"type": "event", "id": "1663efb6-9d92-4323-a223-ddb4bcdf86ff", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "tag", "prefect.resource.id": "prefect.tag.scheduled"}, "after": [], "expect": ["prefect.flow-run.Failed", "prefect.flow-run.TimedOut", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Reactive", "threshold": 1, "within": 0.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "{{ deployment.name }}", "what": "failed"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','36d78679-149a-454d-a6e6-66699058c234','2026-11-30 22:19:32.393228','2026-11-30 22:19:32.393237','[]');
INSERT INTO "automation" VALUES('missing-run-to-alert-assessment-weekly','No run of assessment-weekly has ended within two of its periods: an alert says so until one does.',1,'{"type": "event", "id": "21eaf22f-c44a-4754-b618-e6d4480f75d3", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "deployment", "prefect.resource.id": "prefect.deployment.635bb4d0-f5c6-47d6-ad6e-9784fb4c941c"}, "after": [], "expect": ["prefect.flow-run.Completed", "prefect.flow-run.TimedOut", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Proactive", "threshold": 1, "within": 1209900.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "assessment-weekly", "what": "missing"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','095fdcd4-86bf-4f51-8da0-ea521521beb6','2026-11-30 22:19:32.489403','2026-11-30 22:19:32.489412','[]');
INSERT INTO "automation" VALUES('missing-run-to-alert-keep-evidence-hourly','No run of keep-evidence-hourly has ended within two of its periods: an alert says so until one does.',1,'{"type": "event", "id": "68f160ab-2381-4d01-9e69-7daba494dc1a", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "deployment", "prefect.resource.id": "prefect.deployment.7c488c14-3fa2-43ea-825c-028d9c08f63f"}, "after": [], "expect": ["prefect.flow-run.Completed", "prefect.flow-run.TimedOut", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Proactive", "threshold": 1, "within": 7500.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "keep-evidence-hourly", "what": "missing"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','7d2a395e-eeba-4a16-a438-c81dfae49a20','2026-11-30 22:19:32.529421','2026-11-30 22:19:32.529429','[]');
INSERT INTO "automation" VALUES('missing-run-to-alert-end-lost-runs-every-minute','No run of end-lost-runs-every-minute has ended within two of its periods: an alert says so until one does.',1,'{"type": "event", "id": "b21723a3-8a21-483c-952b-b45bd3f839dd", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "deployment", "prefect.resource.id": "prefect.deployment.34c2c29e-0f3b-49ee-951b-7f977a2bfaa7"}, "after": [], "expect": ["prefect.flow-run.Completed", "prefect.flow-run.TimedOut", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Proactive", "threshold": 1, "within": 420.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "end-lost-runs-every-minute", "what": "missing"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','9e7dbb84-3b5e-45da-986f-c1a1cda60a08','2026-11-30 22:19:32.570117','2026-11-30 22:19:32.570126','[]');
INSERT INTO "automation" VALUES('missing-run-to-alert-delete-old-runs-daily','No run of delete-old-runs-daily has ended within two of its periods: an alert says so until one does.',1,'{"type": "event", "id": "28b89a21-bc72-4715-a80d-a04d376c7040", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "deployment", "prefect.resource.id": "prefect.deployment.82cd22a1-26fc-41a4-9af9-30edfdc0a9ad"}, "after": [], "expect": ["prefect.flow-run.Completed", "prefect.flow-run.TimedOut", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Proactive", "threshold": 1, "within": 173100.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "delete-old-runs-daily", "what": "missing"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','13f4c782-44b1-4a4c-b447-af3d4eecea8c','2026-11-30 22:19:32.597218','2026-11-30 22:19:32.597228','[]');
INSERT INTO "automation" VALUES('missing-run-to-alert-quarterly-audit','No run of quarterly-audit has ended within two of its periods: an alert says so until one does.',1,'{"type": "event", "id": "61e5828b-d930-43d5-ba5f-33d9c8cadc36", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "deployment", "prefect.resource.id": "prefect.deployment.44a5f608-a8f4-4bdd-883d-9e0422500a64"}, "after": [], "expect": ["prefect.flow-run.Completed", "prefect.flow-run.TimedOut", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Proactive", "threshold": 1, "within": 15897900.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "quarterly-audit", "what": "missing"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','7b038184-596a-4ec2-8527-31e3ac57a7fb','2026-11-30 22:19:32.624687','2026-11-30 22:19:32.624697','[]');
INSERT INTO "automation" VALUES('missing-run-to-alert-emerging-threats-daily','No run of emerging-threats-daily has ended within two of its periods: an alert says so until one does.',1,'{"type": "event", "id": "ec76d4dc-c289-4970-87c4-bfad9dd71500", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "deployment", "prefect.resource.id": "prefect.deployment.fdc29adb-9b98-4069-9a51-a7993eb2e4cc"}, "after": [], "expect": ["prefect.flow-run.Completed", "prefect.flow-run.TimedOut", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Proactive", "threshold": 1, "within": 173100.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "emerging-threats-daily", "what": "missing"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','c7a50e4c-8a16-4ec6-80a7-2a463cae1937','2026-11-30 22:19:32.654093','2026-11-30 22:19:32.654102','[]');
INSERT INTO "automation" VALUES('missing-run-to-alert-recertify-access-daily','No run of recertify-access-daily has ended within two of its periods: an alert says so until one does.',1,'{"type": "event", "id": "bcd38701-05c3-4520-8026-20884085bc52", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "deployment", "prefect.resource.id": "prefect.deployment.efb9780f-472d-4e40-ab0a-9ec3eb28341e"}, "after": [], "expect": ["prefect.flow-run.Completed", "prefect.flow-run.TimedOut", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Proactive", "threshold": 1, "within": 173100.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "recertify-access-daily", "what": "missing"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','50f79246-2062-4d32-a824-fce90450a716','2026-11-30 22:19:32.681071','2026-11-30 22:19:32.681080','[]');
INSERT INTO "automation" VALUES('missing-run-to-alert-sweep-access-every-minute','No run of sweep-access-every-minute has ended within two of its periods: an alert says so until one does.',1,'{"type": "event", "id": "60f80cad-3810-4798-b4bf-1e7126501b20", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "deployment", "prefect.resource.id": "prefect.deployment.a7be9efa-9871-483b-9ac1-9f1cdd54810b"}, "after": [], "expect": ["prefect.flow-run.Completed", "prefect.flow-run.TimedOut", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Proactive", "threshold": 1, "within": 420.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "sweep-access-every-minute", "what": "missing"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','fe7d41d9-7da1-47e2-b031-b8dfe4e88552','2026-11-30 22:19:32.712549','2026-11-30 22:19:32.712559','[]');
INSERT INTO "automation" VALUES('missing-run-to-alert-review-access-daily','No run of review-access-daily has ended within two of its periods: an alert says so until one does.',1,'{"type": "event", "id": "05efbd14-bc9c-44d1-a8ee-1d691e39c731", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "deployment", "prefect.resource.id": "prefect.deployment.2f1901d4-5d38-4ab9-af20-2fe92499439f"}, "after": [], "expect": ["prefect.flow-run.Completed", "prefect.flow-run.TimedOut", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Proactive", "threshold": 1, "within": 173100.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "review-access-daily", "what": "missing"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','594c22a1-3dd9-4235-84bc-2a3ede9d9e41','2026-11-30 22:19:32.737894','2026-11-30 22:19:32.737904','[]');
INSERT INTO "automation" VALUES('missing-run-to-alert-watch-plans-every-10-minutes','No run of watch-plans-every-10-minutes has ended within two of its periods: an alert says so until one does.',1,'{"type": "event", "id": "2e73e50c-cdbf-4fa3-a6b0-902ab1447245", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "deployment", "prefect.resource.id": "prefect.deployment.04fc33f9-67e5-468f-8472-98b1cfc7bc16"}, "after": [], "expect": ["prefect.flow-run.Completed", "prefect.flow-run.TimedOut", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Proactive", "threshold": 1, "within": 1500.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "watch-plans-every-10-minutes", "what": "missing"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','69ae1355-c19c-4e0c-afb6-cd04f12bdabb','2026-11-30 22:19:32.767261','2026-11-30 22:19:32.767270','[]');
INSERT INTO "automation" VALUES('missing-run-to-alert-heartbeat-every-5-minutes','No run of heartbeat-every-5-minutes has ended within two of its periods: an alert says so until one does.',1,'{"type": "event", "id": "6ee2aa82-66d6-4cf9-a43a-ed5a732104e5", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "deployment", "prefect.resource.id": "prefect.deployment.39961bd8-5e85-45ec-995d-a41712914549"}, "after": [], "expect": ["prefect.flow-run.Completed", "prefect.flow-run.TimedOut", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Proactive", "threshold": 1, "within": 900.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "heartbeat-every-5-minutes", "what": "missing"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','4f9e7e00-644d-4aa1-b7c8-313340da6900','2026-11-30 22:19:32.795193','2026-11-30 22:19:32.795207','[]');
INSERT INTO "automation" VALUES('missing-run-to-alert-remind-approvals-hourly','No run of remind-approvals-hourly has ended within two of its periods: an alert says so until one does.',1,'{"type": "event", "id": "91e0c6d0-fcc9-4e70-9f6b-89cff0b25970", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "deployment", "prefect.resource.id": "prefect.deployment.4dea04ee-0072-4b42-9e4c-61f7f312c5ce"}, "after": [], "expect": ["prefect.flow-run.Completed", "prefect.flow-run.TimedOut", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Proactive", "threshold": 1, "within": 7500.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "remind-approvals-hourly", "what": "missing"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','8e474475-593d-48e5-b8ca-0a8b0700ca28','2026-11-30 22:19:32.845065','2026-11-30 22:19:32.845074','[]');
INSERT INTO "automation" VALUES('missing-run-to-alert-stream-events-every-5-minutes','No run of stream-events-every-5-minutes has ended within two of its periods: an alert says so until one does.',1,'{"type": "event", "id": "1f7aad1a-8b28-48f3-8be1-d9eae1fbb325", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "deployment", "prefect.resource.id": "prefect.deployment.dc405599-cdf3-41de-b9b3-b4a2f89ee5d2"}, "after": [], "expect": ["prefect.flow-run.Completed", "prefect.flow-run.TimedOut", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Proactive", "threshold": 1, "within": 900.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "stream-events-every-5-minutes", "what": "missing"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','a98c4f28-193e-41f7-aa63-0a4b1ad035e2','2026-11-30 22:19:32.883145','2026-11-30 22:19:32.883154','[]');
INSERT INTO "automation" VALUES('missing-run-to-alert-credential-calendar-weekly','No run of credential-calendar-weekly has ended within two of its periods: an alert says so until one does.',1,'{"type": "event", "id": "3c8f4745-bcb6-4463-bdd0-356327892365", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "deployment", "prefect.resource.id": "prefect.deployment.f9616a85-69d1-4135-ba91-84d5ef8e70d1"}, "after": [], "expect": ["prefect.flow-run.Completed", "prefect.flow-run.TimedOut", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Proactive", "threshold": 1, "within": 1209900.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "credential-calendar-weekly", "what": "missing"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','196821a4-875d-49bc-8c09-b429cc4be20a','2026-11-30 22:19:32.918619','2026-11-30 22:19:32.918627','[]');
INSERT INTO "automation" VALUES('missing-run-to-alert-continuous-quarterly','No run of continuous-quarterly has ended within two of its periods: an alert says so until one does.',1,'{"type": "event", "id": "8eb5b20b-040e-48ad-9c44-afa00dc83824", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "deployment", "prefect.resource.id": "prefect.deployment.8f0f0ec8-741a-4d31-b077-974c14d473b9"}, "after": [], "expect": ["prefect.flow-run.Completed", "prefect.flow-run.TimedOut", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Proactive", "threshold": 1, "within": 15897900.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "continuous-quarterly", "what": "missing"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','a0d81872-2bf2-4d5e-a3bb-3e943058b38c','2026-11-30 22:19:32.966222','2026-11-30 22:19:32.966231','[]');
INSERT INTO "automation" VALUES('missing-run-to-alert-watch-drift-every-5-minutes','No run of watch-drift-every-5-minutes has ended within two of its periods: an alert says so until one does.',1,'{"type": "event", "id": "3d2ac337-1836-4e67-8add-099e423f1258", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "deployment", "prefect.resource.id": "prefect.deployment.746ab343-d733-4475-8960-b15d4913ac0c"}, "after": [], "expect": ["prefect.flow-run.Completed", "prefect.flow-run.TimedOut", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Proactive", "threshold": 1, "within": 900.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "watch-drift-every-5-minutes", "what": "missing"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','6a1705cf-f882-4937-b73b-a234ef3f7816','2026-11-30 22:19:33.009200','2026-11-30 22:19:33.009209','[]');
INSERT INTO "automation" VALUES('missing-run-to-alert-check-certificates-daily','No run of check-certificates-daily has ended within two of its periods: an alert says so until one does.',1,'{"type": "event", "id": "410e2359-3f19-4f7c-8382-5dd6d98ba0c3", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "deployment", "prefect.resource.id": "prefect.deployment.23761862-2f91-4fa9-bf33-6765cb05f783"}, "after": [], "expect": ["prefect.flow-run.Completed", "prefect.flow-run.TimedOut", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Proactive", "threshold": 1, "within": 173100.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "check-certificates-daily", "what": "missing"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','b6962e73-bc3e-48ec-8472-73ab9ac4fcc2','2026-11-30 22:19:33.048687','2026-11-30 22:19:33.048693','[]');
INSERT INTO "automation" VALUES('missing-run-to-alert-rotate-credentials-hourly','No run of rotate-credentials-hourly has ended within two of its periods: an alert says so until one does.',1,'{"type": "event", "id": "63863b12-2dbb-4e8b-af2b-d14d89e3be9f", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "deployment", "prefect.resource.id": "prefect.deployment.5b9802e9-6192-4e2f-a4ce-1d13525e9c61"}, "after": [], "expect": ["prefect.flow-run.Completed", "prefect.flow-run.TimedOut", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Proactive", "threshold": 1, "within": 7500.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "rotate-credentials-hourly", "what": "missing"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','8fd98f8e-8339-47c3-b347-94b46ab265a5','2026-11-30 22:19:33.095959','2026-11-30 22:19:33.095967','[]');
INSERT INTO "automation" VALUES('missing-run-to-alert-detect-anomalies-every-5-minutes','No run of detect-anomalies-every-5-minutes has ended within two of its periods: an alert says so until one does.',1,'{"type": "event", "id": "efe9dbb3-7e86-4f69-9639-af553d1ff89c", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "deployment", "prefect.resource.id": "prefect.deployment.b65e84eb-c9ce-4636-b2d8-fa361c42c0a5"}, "after": [], "expect": ["prefect.flow-run.Completed", "prefect.flow-run.TimedOut", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Proactive", "threshold": 1, "within": 900.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "detect-anomalies-every-5-minutes", "what": "missing"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','1a0bf506-4255-4e55-a510-74f0a0109993','2026-11-30 22:19:33.137475','2026-11-30 22:19:33.137484','[]');
INSERT INTO "automation" VALUES('missing-run-to-alert-detect-anomalies-files-hourly','No run of detect-anomalies-files-hourly has ended within two of its periods: an alert says so until one does.',1,'{"type": "event", "id": "2b4241ba-5494-4f76-8dcd-203a86c1e3be", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "deployment", "prefect.resource.id": "prefect.deployment.95bf9051-a420-4d79-b8ee-feaf9e81485f"}, "after": [], "expect": ["prefect.flow-run.Completed", "prefect.flow-run.TimedOut", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Proactive", "threshold": 1, "within": 7500.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "detect-anomalies-files-hourly", "what": "missing"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','6d260d28-935b-4938-82c0-643269245ef1','2026-11-30 22:19:33.166631','2026-11-30 22:19:33.166640','[]');
INSERT INTO "automation" VALUES('missing-run-to-alert-back-up-orgs-daily','No run of back-up-orgs-daily has ended within two of its periods: an alert says so until one does.',1,'{"type": "event", "id": "adf91a6e-66c4-470e-b776-d7df5c1819eb", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "deployment", "prefect.resource.id": "prefect.deployment.6ced169a-163c-4e12-9be0-f3f960f3dd03"}, "after": [], "expect": ["prefect.flow-run.Completed", "prefect.flow-run.TimedOut", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Proactive", "threshold": 1, "within": 173100.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "back-up-orgs-daily", "what": "missing"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','58e3d126-0bd6-4ddc-927f-5781d23f782a','2026-11-30 22:19:33.198437','2026-11-30 22:19:33.198446','[]');
INSERT INTO "automation" VALUES('missing-run-to-alert-verify-backups-weekly','No run of verify-backups-weekly has ended within two of its periods: an alert says so until one does.',1,'{"type": "event", "id": "2877d469-863d-4c89-bc7f-b25800c717f6", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "deployment", "prefect.resource.id": "prefect.deployment.9a5b97b5-f0b4-4531-a791-83fc449e0cf3"}, "after": [], "expect": ["prefect.flow-run.Completed", "prefect.flow-run.TimedOut", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Proactive", "threshold": 1, "within": 1209900.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "verify-backups-weekly", "what": "missing"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','59dfce5c-68e8-4898-8ba9-bf7fd47b35ba','2026-11-30 22:19:33.225901','2026-11-30 22:19:33.225911','[]');
INSERT INTO "automation" VALUES('missing-run-to-alert-key-loss-drill-monthly','No run of key-loss-drill-monthly has ended within two of its periods: an alert says so until one does.',1,'{"type": "event", "id": "ff961568-9a7f-4c31-af53-dddbe15f6d05", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "deployment", "prefect.resource.id": "prefect.deployment.6474fb64-c8d5-4873-b54f-6e8434239e0f"}, "after": [], "expect": ["prefect.flow-run.Completed", "prefect.flow-run.TimedOut", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Proactive", "threshold": 1, "within": 5357100.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "key-loss-drill-monthly", "what": "missing"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','e8caa3ea-4f8c-433a-9116-1bcfc26a7897','2026-11-30 22:19:33.252768','2026-11-30 22:19:33.252777','[]');
INSERT INTO "automation" VALUES('missing-run-to-alert-watch-sandboxes-daily','No run of watch-sandboxes-daily has ended within two of its periods: an alert says so until one does.',1,'{"type": "event", "id": "309b97ac-b338-482c-b2f3-a67a40e3e781", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "deployment", "prefect.resource.id": "prefect.deployment.cb2e7d4d-b9a6-4b2a-b10d-f25b6401a79e"}, "after": [], "expect": ["prefect.flow-run.Completed", "prefect.flow-run.TimedOut", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Proactive", "threshold": 1, "within": 173100.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "watch-sandboxes-daily", "what": "missing"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','8968d679-d17c-45e2-a805-6fc0563cb859','2026-11-30 22:19:33.281007','2026-11-30 22:19:33.281017','[]');
INSERT INTO "automation" VALUES('missing-run-to-alert-rehearsal','No run of rehearsal has ended within two of its periods: an alert says so until one does.',1,'{"type": "event", "id": "d30fe24c-5a66-4005-aec5-3959c03ae6bc", "match": {"prefect.resource.id": "prefect.flow-run.*"}, "match_related": {"prefect.resource.role": "deployment", "prefect.resource.id": "prefect.deployment.42d1697f-d197-42d8-822a-021ebd09812e"}, "after": [], "expect": ["prefect.flow-run.Completed", "prefect.flow-run.TimedOut", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"], "for_each": [], "posture": "Proactive", "threshold": 1, "within": 63245100.0}','[{"type": "run-deployment", "source": "selected", "deployment_id": "daa975a3-ea65-49ed-af9d-4303a070aca2", "parameters": {"deployment": "rehearsal", "what": "missing"}, "job_variables": null, "schedule_after": 0.0}]','[]','[]','e09e1e37-a0c7-4915-9a92-a183418f3c24','2026-11-30 22:19:33.309212','2026-11-30 22:19:33.309221','[]');
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
INSERT INTO "automation_bucket" VALUES('095fdcd4-86bf-4f51-8da0-ea521521beb6','21eaf22f-c44a-4754-b618-e6d4480f75d3','[]','{"occurred": "2026-11-30T22:19:33.498658Z", "event": "prefect.flow-run.Completed", "resource": {"prefect.resource.id": "prefect.flow-run.300ad913-f301-4271-93f3-15098ac787a2", "prefect.resource.name": "over-assessment-weekly", "prefect.run-count": "0", "prefect.state-message": "", "prefect.state-name": "Completed", "prefect.state-timestamp": "2026-11-30T22:19:33.498658+00:00", "prefect.state-type": "COMPLETED"}, "related": [{"prefect.resource.id": "prefect.flow.b7a24d0b-a839-46c4-85f9-eb098ca600fd", "prefect.resource.role": "flow", "prefect.resource.name": "assessment"}, {"prefect.resource.id": "prefect.deployment.635bb4d0-f5c6-47d6-ad6e-9784fb4c941c", "prefect.resource.role": "deployment", "prefect.resource.name": "assessment-weekly"}, {"prefect.resource.id": "prefect.work-queue.e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab", "prefect.resource.role": "work-queue", "prefect.resource.name": "default"}, {"prefect.resource.id": "prefect.work-pool.d17de2d8-a4a3-4bc5-b01a-0f33b35062d8", "prefect.resource.role": "work-pool", "prefect.resource.name": "bulkhead", "prefect.work-pool.type": "process"}, {"prefect.resource.id": "prefect.tag.job:assessment", "prefect.resource.role": "tag"}, {"prefect.resource.id": "prefect.tag.phase:assessment", "prefect.resource.role": "tag"}, {"prefect.resource.id": "prefect.tag.scheduled", "prefect.resource.role": "tag"}], "payload": {"intended": {"from": "SCHEDULED", "to": "COMPLETED"}, "initial_state": {"type": "SCHEDULED", "name": "Scheduled"}, "validated_state": {"type": "COMPLETED", "name": "Completed"}}, "id": "01a22e8a-bafa-74a5-9027-0addbb5c97cc", "follows": "01a22e8a-bac6-71a0-a907-c6ddc119d797", "received": "2026-11-30T22:19:33.512624Z"}','2026-11-30 22:19:32.802783','2026-12-14 22:24:32.802783',1,'increment_bucket[update]',NULL,'652b8796-4361-4646-9b78-6c1a1a2fdffe','2026-11-30 22:19:32.805477','2026-11-30 22:19:33.532684');
INSERT INTO "automation_bucket" VALUES('7d2a395e-eeba-4a16-a438-c81dfae49a20','68f160ab-2381-4d01-9e69-7daba494dc1a','[]',NULL,'2026-11-30 22:19:32.844899','2026-12-01 00:24:32.844899',0,'ensure_bucket[insert]',NULL,'f36e81fd-327f-42cc-a865-6269b4f47b06','2026-11-30 22:19:32.846779','2026-11-30 22:19:32.846785');
INSERT INTO "automation_bucket" VALUES('9e7dbb84-3b5e-45da-986f-c1a1cda60a08','b21723a3-8a21-483c-952b-b45bd3f839dd','[]',NULL,'2026-11-30 22:19:32.875986','2026-11-30 22:26:32.875986',0,'ensure_bucket[insert]',NULL,'323f9a40-7114-42c9-a2c0-1fd311ea86e5','2026-11-30 22:19:32.877814','2026-11-30 22:19:32.877820');
INSERT INTO "automation_bucket" VALUES('13f4c782-44b1-4a4c-b447-af3d4eecea8c','28b89a21-bc72-4715-a80d-a04d376c7040','[]',NULL,'2026-11-30 22:19:32.901796','2026-12-02 22:24:32.901796',0,'ensure_bucket[insert]',NULL,'c5acaa58-2ec5-4a52-ba86-fa4b504c57be','2026-11-30 22:19:32.903644','2026-11-30 22:19:32.903650');
INSERT INTO "automation_bucket" VALUES('7b038184-596a-4ec2-8527-31e3ac57a7fb','61e5828b-d930-43d5-ba5f-33d9c8cadc36','[]',NULL,'2026-11-30 22:19:32.922117','2027-06-02 22:24:32.922117',0,'ensure_bucket[insert]',NULL,'a96c0f21-ddf5-4c21-a90f-570d4f1f6c49','2026-11-30 22:19:32.924195','2026-11-30 22:19:32.924202');
INSERT INTO "automation_bucket" VALUES('c7a50e4c-8a16-4ec6-80a7-2a463cae1937','ec76d4dc-c289-4970-87c4-bfad9dd71500','[]',NULL,'2026-11-30 22:19:32.954314','2026-12-02 22:24:32.954314',0,'ensure_bucket[insert]',NULL,'06d44a8b-9242-411b-9626-91f5951d3ad3','2026-11-30 22:19:32.956197','2026-11-30 22:19:32.956203');
INSERT INTO "automation_bucket" VALUES('50f79246-2062-4d32-a824-fce90450a716','bcd38701-05c3-4520-8026-20884085bc52','[]',NULL,'2026-11-30 22:19:32.987516','2026-12-02 22:24:32.987516',0,'ensure_bucket[insert]',NULL,'b46c5c0f-3945-4320-95db-637bb134b1d0','2026-11-30 22:19:32.989441','2026-11-30 22:19:32.989448');
INSERT INTO "automation_bucket" VALUES('fe7d41d9-7da1-47e2-b031-b8dfe4e88552','60f80cad-3810-4798-b4bf-1e7126501b20','[]',NULL,'2026-11-30 22:19:33.010899','2026-11-30 22:26:33.010899',0,'ensure_bucket[insert]',NULL,'d15e17eb-5385-4544-b74f-92575ef91f4d','2026-11-30 22:19:33.012690','2026-11-30 22:19:33.012695');
INSERT INTO "automation_bucket" VALUES('594c22a1-3dd9-4235-84bc-2a3ede9d9e41','05efbd14-bc9c-44d1-a8ee-1d691e39c731','[]',NULL,'2026-11-30 22:19:33.046146','2026-12-02 22:24:33.046146',0,'ensure_bucket[insert]',NULL,'fd8006ae-0ad8-44ff-9372-5cf436ee24f9','2026-11-30 22:19:33.047951','2026-11-30 22:19:33.047958');
INSERT INTO "automation_bucket" VALUES('69ae1355-c19c-4e0c-afb6-cd04f12bdabb','2e73e50c-cdbf-4fa3-a6b0-902ab1447245','[]',NULL,'2026-11-30 22:19:33.071709','2026-11-30 22:44:33.071709',0,'ensure_bucket[insert]',NULL,'ef0a013e-6445-476b-a3e4-346b601a3062','2026-11-30 22:19:33.073650','2026-11-30 22:19:33.073657');
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
INSERT INTO "automation_related_resource" VALUES('5d5ae68f-9431-452b-bb2c-1241ebe3fa83','prefect.deployment.e30fab9d-291d-4f5a-b669-21dd11ad0698',0,'8945adc6-b2e7-49dd-8569-565ffca5a31b','2026-11-30 22:19:32.366658','2026-11-30 22:19:32.366665');
INSERT INTO "automation_related_resource" VALUES('36d78679-149a-454d-a6e6-66699058c234','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'2fec89ec-af35-498e-b891-5e592325384c','2026-11-30 22:19:32.396331','2026-11-30 22:19:32.396416');
INSERT INTO "automation_related_resource" VALUES('095fdcd4-86bf-4f51-8da0-ea521521beb6','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'9a1bb295-1ba4-4ee6-8e7c-3c55298e33c8','2026-11-30 22:19:32.495218','2026-11-30 22:19:32.495223');
INSERT INTO "automation_related_resource" VALUES('7d2a395e-eeba-4a16-a438-c81dfae49a20','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'b630da1c-00ce-4935-9b5d-a45a25fcabe2','2026-11-30 22:19:32.532083','2026-11-30 22:19:32.532088');
INSERT INTO "automation_related_resource" VALUES('9e7dbb84-3b5e-45da-986f-c1a1cda60a08','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'6530fc81-9180-408d-a1b0-2984af67bd58','2026-11-30 22:19:32.572812','2026-11-30 22:19:32.572816');
INSERT INTO "automation_related_resource" VALUES('13f4c782-44b1-4a4c-b447-af3d4eecea8c','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'0a15a304-6dfd-48ee-8876-d0b8ba9b031b','2026-11-30 22:19:32.599805','2026-11-30 22:19:32.599811');
INSERT INTO "automation_related_resource" VALUES('7b038184-596a-4ec2-8527-31e3ac57a7fb','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'8a83bc7f-ddf8-4982-99ad-b29049ad62b6','2026-11-30 22:19:32.631072','2026-11-30 22:19:32.631077');
INSERT INTO "automation_related_resource" VALUES('c7a50e4c-8a16-4ec6-80a7-2a463cae1937','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'85945ea2-cc1f-4a9e-8e25-2c803c80b60e','2026-11-30 22:19:32.656491','2026-11-30 22:19:32.656495');
INSERT INTO "automation_related_resource" VALUES('50f79246-2062-4d32-a824-fce90450a716','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'b0edaaa6-c41c-4f2c-b053-a3e989fa9c5a','2026-11-30 22:19:32.686957','2026-11-30 22:19:32.686962');
INSERT INTO "automation_related_resource" VALUES('fe7d41d9-7da1-47e2-b031-b8dfe4e88552','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'da6b875e-0fbe-4f51-b836-2b6b9e5fd264','2026-11-30 22:19:32.715056','2026-11-30 22:19:32.715061');
INSERT INTO "automation_related_resource" VALUES('594c22a1-3dd9-4235-84bc-2a3ede9d9e41','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'2b606acb-9973-43e2-81e9-17595be52c97','2026-11-30 22:19:32.743085','2026-11-30 22:19:32.743090');
INSERT INTO "automation_related_resource" VALUES('69ae1355-c19c-4e0c-afb6-cd04f12bdabb','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'a5ae5500-1c30-48b0-992e-416f9f6f9c7a','2026-11-30 22:19:32.773723','2026-11-30 22:19:32.773728');
INSERT INTO "automation_related_resource" VALUES('4f9e7e00-644d-4aa1-b7c8-313340da6900','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'fe22e119-820a-4d27-9dc9-6bc4be0670d6','2026-11-30 22:19:32.799047','2026-11-30 22:19:32.799056');
INSERT INTO "automation_related_resource" VALUES('8e474475-593d-48e5-b8ca-0a8b0700ca28','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'b70a952b-7943-499c-8892-9d5d51f71595','2026-11-30 22:19:32.849182','2026-11-30 22:19:32.849188');
INSERT INTO "automation_related_resource" VALUES('a98c4f28-193e-41f7-aa63-0a4b1ad035e2','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'ba9fb0c8-e9c3-4113-8bd7-3f00b490610b','2026-11-30 22:19:32.886774','2026-11-30 22:19:32.886779');
INSERT INTO "automation_related_resource" VALUES('196821a4-875d-49bc-8c09-b429cc4be20a','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'613e4d39-492d-42e6-963e-d90c85e9018f','2026-11-30 22:19:32.922472','2026-11-30 22:19:32.922478');
INSERT INTO "automation_related_resource" VALUES('a0d81872-2bf2-4d5e-a3bb-3e943058b38c','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'f9e5c8cb-5cae-4bee-be54-fce4ddd2e326','2026-11-30 22:19:32.970056','2026-11-30 22:19:32.970062');
INSERT INTO "automation_related_resource" VALUES('6a1705cf-f882-4937-b73b-a234ef3f7816','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'6ebe2035-d0c9-41aa-a4a1-42fddb0e39bc','2026-11-30 22:19:33.015146','2026-11-30 22:19:33.015151');
INSERT INTO "automation_related_resource" VALUES('b6962e73-bc3e-48ec-8472-73ab9ac4fcc2','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'e7473261-ef3a-4249-925c-03b32d8dcf54','2026-11-30 22:19:33.053001','2026-11-30 22:19:33.053009');
INSERT INTO "automation_related_resource" VALUES('8fd98f8e-8339-47c3-b347-94b46ab265a5','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'87a49fbc-5679-4b03-8f42-1dded00e4cf1','2026-11-30 22:19:33.101593','2026-11-30 22:19:33.101598');
INSERT INTO "automation_related_resource" VALUES('1a0bf506-4255-4e55-a510-74f0a0109993','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'ae94e046-885e-44f8-9e72-0da18a5acc89','2026-11-30 22:19:33.140081','2026-11-30 22:19:33.140087');
INSERT INTO "automation_related_resource" VALUES('6d260d28-935b-4938-82c0-643269245ef1','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'1fb5ac28-1e9f-41e9-b356-5d88b95bd199','2026-11-30 22:19:33.170017','2026-11-30 22:19:33.170023');
INSERT INTO "automation_related_resource" VALUES('58e3d126-0bd6-4ddc-927f-5781d23f782a','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'5512258b-8156-460f-90a7-e8d1450afc14','2026-11-30 22:19:33.200985','2026-11-30 22:19:33.200991');
INSERT INTO "automation_related_resource" VALUES('59dfce5c-68e8-4898-8ba9-bf7fd47b35ba','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'fb3862fa-0642-4263-b1be-a93613a42a78','2026-11-30 22:19:33.228352','2026-11-30 22:19:33.228357');
INSERT INTO "automation_related_resource" VALUES('e8caa3ea-4f8c-433a-9116-1bcfc26a7897','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'9a65456a-4792-4d3f-b02f-ce74d0efb78b','2026-11-30 22:19:33.258869','2026-11-30 22:19:33.258874');
INSERT INTO "automation_related_resource" VALUES('8968d679-d17c-45e2-a805-6fc0563cb859','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'622759a1-1671-49dd-864c-cfc8f9ad30b2','2026-11-30 22:19:33.283624','2026-11-30 22:19:33.283630');
INSERT INTO "automation_related_resource" VALUES('e09e1e37-a0c7-4915-9a92-a183418f3c24','prefect.deployment.daa975a3-ea65-49ed-af9d-4303a070aca2',0,'0b07d0b4-4fa3-4966-8b14-8f9f2c7384c7','2026-11-30 22:19:33.311957','2026-11-30 22:19:33.311961');
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
INSERT INTO "block_document" VALUES('820a785e-1d71-434b-bcbb-a36b60babbaa','2026-11-30 22:19:13.915234','2026-11-30 22:19:13.915243','hq','"gAAAAABrDfZhnT_c4qRZoEFQsorn9ro_73f360o1H4eNzXZZhIvnp16yYZsz3glvfnk3HN0GZWb2tN383JBDde-3iNvzgtxS94Uxa0BO7RatWMNU6giZCbpp7d4R0QqyBpcyDGArWv52Xg_rFULKW2LofgQd6S42VamGfBqAQF10OuexWRBdiKh9gFICVg-j553ieizIa6fKh3Npz752zLZ3Supvkn3RKzWv2Ie0XBQO2BoDl8I8AaY1G_FOoNwvtemY66BM-CZQfjZIrfqMtEJwfXDgs4AwO6Tws3DC0nghm9xX4b3fGorPAn5Egz6ASZgeOISJ5nbNt5YXD9WjbM0C_hcCw1QudIoCNTa-KA2vJeeWoOITjs-GlSzl32EVhmZXSdtnOct86FS6_3hMB2EHPAKWGa_VlUcoA5M_HC86OOaVG0yoIO0qFCiEFJMG7MxXiuMr9OC4o5ca8uo5vYRofXnEUZTqzzMnmmemKFldQ0mDfOUxt2Q_ftXGxTzG578uHQeejLiMkwULgssZ7-HkDkQ2jR7XDIEHlDq--CCmY1ecWWKV4qJL8vlWyl_Niqj-o4jMF2XFrD6Y1msDdkRKHjp3kqPO5HHuBAeQ4mVkvEppvLu-ZZZZB8hlqr927TCcBeAoq7szVSqScvea4yRDPHkWagwx-g=="','3421a5bc-35e4-4f66-9668-68460b8fddd7','2b46bae3-2675-48bf-88c2-22c9da5c3044',0,'Salesforce Org');
INSERT INTO "block_document" VALUES('20613666-7e93-4ed8-ba3b-4b5ab3feb417','2026-11-30 22:19:14.077430','2026-11-30 22:19:14.077443','emea','"gAAAAABrDfZi1y33peg3lcmm7FQQyuu0ehOY9TFPz6syMt0-gfNVE9nT4oK4P5QiAtmNlND2antxLBK1QJk-A71rBt57w34ayI63hmNKK8-faWp_gr5jYBJbHGTyui-IQCh1ClWbjGtsPIYTcaQDnK0zj6m1hCVjWAkmW42TqBixmYH7CQaXrTWw9ckKHyK8MftoFP7nEokx6quoehGWWWYtps2NT_RdkUdHVAHnjuUc_Pk1cYuKCfG_VMd8DvLsyOfvCkVDL2tGLgvgFdMVn9jrrZ7ReZ-rAisZVWsK-Hj2O8Sk3B2-AoKjtdAXXyUlewt3m6jmhWtBrGa_zp_NnnCcDY_w75uchddg-ozIulbfwca6RKEuS1cftVhLafh0A5GIPfzDtOqQf11w8G9RFrOeJS164-hcTsGnQ9ypRdJx9fHQovYN0usxBFwXOSgZdE2rKNxMTt9eESE50TMspA0fmLAklwiGZ_pjASjyxyWnr2UnCKbWE0gvzVdmtFzusD4QC7T-ZrfQf3segYJAEb5fPINR-8aQb9eyRNmDaya1jl8ekDHCkAJHwGMm3stSnvWJe-riDCfoRPVV3aZxIosMu49JpfT0n8yk1PqYqfaqQfkssoAmfXreSGniOb4Vxl2krNGmi4sGoIs5LBxxZ6NGFsDD4Xyap9W-bOINTt0FO_M9HsgEiX4="','3421a5bc-35e4-4f66-9668-68460b8fddd7','2b46bae3-2675-48bf-88c2-22c9da5c3044',0,'Salesforce Org');
INSERT INTO "block_document" VALUES('37826e39-8ade-4ff1-85d6-b345e171234c','2026-11-30 22:19:14.281894','2026-11-30 22:19:14.281903','hq-uat','"gAAAAABrDfZiTmmyn_5GJwktzDL6QyvQJJntmrX-06JEGiaPVSv6o0E1G8JmG3634alI0nXZNLwP7fyQ52LJgFE2BOKdmX3_M9otftp3_ElvFoYu6GW0Ug4Q2tYMVYFY4E9Fhv6qra0aE-qO-cPxPy02mzkEaG9QxQpf_U5V7zbWX7Sw_tyhGUdDDIq2JBRMTTDblobd7zYyte81em7c8Qa8SZhjiFrEgNBqDZDpVW_G0vkJm_28Wpea6xsKpiQDICrfUhl7TeVlcAZbtKHgBBVGDF319oIacDuad2STMIlPt_vh-A1EdumLBA0Nr-eeYvQ6dbI41iESRv0giufEuWB31nQ4v4sZDAJ7TVl163XU6hOk1G6u4IoHvo8mIeCl84rRArEHXEWR2hbz_Ye86_CsDjTkwiX5gbssHh9A-RfN13azQeGGuWjAdt1E4Mmc-0owoIuxKZcJ7FksQ6-4phKjuOpu9RChbJH-9Rc0j_n8QGj9Nb08rDGufX90AtlO0Aepg-QRQKTqgI2F-6ykSrX-IzNrDTzLZwMqH-wrSV_dGK3NhLUz0SbRad_pTY9jxqDtDsV47FK4JuKSAXmsVvPAUnTqJiz8mCHI9JI2t7wDI3RQwbst3NpNgkO5zfChO-dUE55OzhGLYHKx4rOg-DkCAxjO7GnxMQd6MteonEZC7weckdo6jk__fax3UDG8ryWCSVAArO2v"','3421a5bc-35e4-4f66-9668-68460b8fddd7','2b46bae3-2675-48bf-88c2-22c9da5c3044',0,'Salesforce Org');
INSERT INTO "block_document" VALUES('902d6642-8aa9-4fdf-8f05-175852851d4d','2026-11-30 22:19:14.481161','2026-11-30 22:19:14.481170','bulkhead','"gAAAAABrDfZizvGKkQ_In6tdNKbv6fXtAJkdwsNhPBIecmsDwTxHMU1Va-71_RsB7-dqg5jO0t9UScBdA0-PsBobApudQnEQI8ttxZzT6pzM6Mo0ljw9KtUILyg9dhVCsj8zvqYMwmIE101tYNgu6xYi0zAXSNBwrd_F3BIoSrdrk8E-mm-W-W_HM0gH243nKhADWH1YuGZI3gKcd5oc5TMSr3SSCOFN2USuQXD3TMSEDsEumYkL5HyOKsl3pn9Bmg6yoX7vPa1K"','25838a50-5111-453c-bc51-c3cab27b4435','f1bb02d2-6d51-4531-b039-bc56398d7e09',0,'AWS Secret Store');
INSERT INTO "block_document" VALUES('41a2030b-9f51-40c0-a31d-f1ab634d3882','2026-11-30 22:19:14.627507','2026-11-30 22:19:14.627516','security-slack','"gAAAAABrDfZiFUjVzfZph7J4trDXya8qHmnoe4APk4swfNmIOvxYjq_vgjPHzlIZsQsUfdWBehTPgI8TFjd5_1D__vaffd5o7HUCmU3SI-LlXPTVWVPo-fU2lea6zqCho7hojasWSr3p3oZiNuFuOoxJvBkVWut5Iw=="','d16d8ec3-fa08-4007-99ed-77d893651022','7846c0e7-a3e0-40a5-8983-7805b8378fa4',0,'Bulkhead Slack Channel');
INSERT INTO "block_document" VALUES('abd5f0e0-d367-4e44-a65c-085c87c2c40b','2026-11-30 22:19:14.798057','2026-11-30 22:19:14.798065','bulkhead','"gAAAAABrDfZiFZ8KR-wQS4P6GHIFt8kapi5zkYJxyQZSWtg4CiHSt4qf83yVArm7EiQrrgRV1ihpo3TGEMsOts7qqRKELiSCiU8mlRZfagDlr7E3-4GeyKj3DxrBRU_hLo8Rv0nAfbUMBDTXkcxwTRBZbaGHZz7V0BUwGYC4BsyX1rX-ydRQrYfUzICLeM2eOAND8LdEGaRnaytaPmiIVBPc9gsdQ6ahqTgaI5rAySKXGcJ99o3fo_KvrBhJu4RrxS8hvB2ubMTbK0Or-awWejViP77v-qNCur3fY1TI34mFUE32_lJQGUM="','72519903-e818-438e-8fe4-8b18343760cd','f4c2a984-73ce-4f22-a0bf-8aee929fbf4d',0,'Bulkhead Ledger');
INSERT INTO "block_document" VALUES('16277345-a158-48df-a95c-981d31a9991e','2026-11-30 22:19:14.967515','2026-11-30 22:19:14.967525','bulkhead','"gAAAAABrDfZi3QWGkZ_1RIpp3bQfnesR8pgUuMPQYh0nTcceTr4DzWys0UgLE000rFgwTKo3D_ekZFZ8m9I5Vd4PxnUL_5xE0uWF2VsCxt-pllSzIBWHvFiImKThGw5f1D2aL45gehHdwif80uMKWX3WblzRVybP9VgaTApodjNbCZqY1fk6sPV82ZzeaMjxhyKQIeo7-xfDp9_dXZJ3Hm1kz6S4w8DLIA5FCziIDqL5S5mZaSgknvFX4fqsuw9zGKpSN5t_I9c7RoBi9lbG0ApRmSD7CMcx9o-Lgc7HZr7G4W9DL7n6oqjII_39X7BxngJTQfAZsDWs2saOo1BcBTww6cOu7b6UzudSupcE_anKGRqSriox0Ql13DcyacLUTBecdmISv1KXm9scarWwVAMqDHn1MidkgoxtV4PezzUKPyvlt5QoPhdu5d0mZR8UWh-EQS2S_R84yIymLiusk5rWfVatPEs2aUhs5oMbMrEzfZOD3XQxy2WSHdNXvWgoNixJuRHT1q0pF_lXbFf3n_KgWmFIhhcmDzyRXSjTCL4sb1iWD6OCcYXogEDSfFSjHsQHeK5NVQn0Avxbl95usMdBrsw_SpMT9RfODgONWVfFCos5cUirvCvf1Xfn3Zf-eHrrdt7eWPtxbhRDF9VktkS5bBXfSp1MhhollNyBIP9G0L1eUfvuvM6rmUdXlJFaWUrTmsYilOvwHEjA5_BAHNL3JMFFyEEhMqBTK6Ut1BVpPg3fa3mV8ZvXUYzw6GpRNemSgriI0CSal8D8Pxe4X7dwKAjVrfWsGo0wARNzaQBTcaYK0e6JL3ps5HFu-g598uWM-cePZU4WkQM5U2spXeNnjHND2hKrOjp-Owwwn6HNyQ37iJ4uREYBh3sk4Uw5lRgXehhSr__RutINokaISFbJyn_P8DtAjiA3puJYauOWMLCZUVYwd7ShlOAJExQzXM-i965AizZ8Ep4b6ROeNg0EPjxXTYadRUbDpHkqxz5UKBBMSx5bGbZaQEvnVV-1NUt2J5cqzMR2mmzXRO86ryIDweWmPzr9bTBNhLFlEjrkDUN_bUtT_X0vdnnlh4Tc4ZDsXt7kuVzR7odl71IvxJb6NMN7XSRmbk5NQt9DO3MujntQwEnn-em6yBeD_5Gy3fK3bYhXiAqeKcbOQVeAYxO9F0bX7sGDrA_oQW1vsoHZGJxZSsSua7L6FMrDypaRRZ49MMH1wOBmmJh00zNpFBpslt1kXqUdSQbLvkqeAmAdCnVNZ1aFhZtTNSz31NfBS8Zx0YrhFx2mFpH8bIFAs1dFoJHpQ4OST8-hrfY82cEvPgg1K8J1milxSib8YD86fghmMKWHZw5zg8unbYkUznHe4m2KyVn4yO7FUP_8OL90e_v9rZc8Yr9zFhSlZ7iEWDwD0ggTsjKsYpOnLJNAaQcQYzVYsCi3V2KxV_eZ8CkBqT4SX8PqbWiu24W4oWAne4Kgve6PNxVwy5igqSSBMjLz1ctbKZMRfapcnib4qhQGWTqWPLSbPU8D7Wcn-lDaruQJOzpMhaeFisNmE9duyh7yBou8Y_APMlsj9xTeP3-MoN6f1sSDYC0n660qINFYavDYf9-fxvQyGY5PM_UiLMYlZjwpZc4VOBdyHeXjr2n5el1Z_oxGEQDf43c53lG5NqNqp9kfWFzyhjcZkUnGWMuU5fpTOuWjHoc9-eDvY4X9qgVb70sPsuM9uryUewVHTyjcBWmLnyC1FT5F5VQRSzQNt08KZf4iOTm0I_KRzwHP6CyrDOeP7JaaJmblLWjjlYBOHqmfMkMn0DVdbxSKyi2pvHc0ssHWE9gz5orqb7z0bPzT1RAMLEvz15aKGGON4dwiLMINi4ZDGncZekuopkCgeoZkghEnW8ADHoQFLr0VmVdvuWIDNayBHjCY86M_0V9FgOlr9C1UJ1G42eF5CCnFscUQhSUALOB29J70sv8CDUIHBPa4s622vM1WSrAbBKI9zhAruirTrV4OwC90wVET8rxcFXDmoegANl-DlVrZHn6iIeRJiq3ygVZtAlaoACgRXaNOoucpptdRDu1_eHe7ezSnjfUZgXjWjJ930AReRgdDydMTMxVqVCTXkgq7sqXRKovETxKZCSDcqtRTRx-QYGUxhRVza28HGHcJMSqe5wE6qpOJfXYV46Z0l68BOyW-0WyOyT0jAwp8QRDjlOdxatTpMuVlh1wGepgOcMdi0VCrIPyJ1Z17vNeRyXkKCpiyU2wHTBV_RTSUz9hyvn16BGiggQH3Tf53FfBFMxDhYoMttPjt5bi9WliqbcU7eofBMuzAXU-Y2EkssBp_22jXZoETMYq-AfwU_pvbFmvTWicwYRdTWgbcyjK-9cEvteOXJAhNRfR29nJgtWVIXoKyHqoHcCpqmbVLboP-ryYs139j-aeKpFMKIB-BhuFajZdjHFPE2SdeCPKT629dASd9FjjVxTuQH391XjSnNvwSjGeiVpNpyGkayhfSNKrEKP1ic4Q32J5Me7bphA7DtIpkknPoZhiYpXgzCPS_8r0eHmQsD0VE8uqufRlApI3xzWRHQWbNI9LqnzwNKiP7yck2uGp70zc-_M2gd_GvdrbNcA6Eyuo88JDM5YcL9HLP0hdDMP-poihUPDzI3vsb3SJuuAs4-JSi0mH-bhnTm0eYI3H0Kln8i-gLWLdr7XNJRYVRi3chAoN5uu3-WBlYzOF3LfDHNRYN89prSqUCXTJXrQ4A4FePfxRdHyP1AMZtLkRlIgk3mdrnmxY2SAB82A8sZA-W6x1D9-OzjjAwywhGq0oJQWxz68MyRfo3u4ws2zvHswVzyyKp78OdVgQBSEZ92LSnPlO3AQ7wky1vtNvtt9ua5LV2vIShHBkyUjRlGJPi_WSH6UYfoCvas1YzL_uwPmPyJbBF7notHl856PTpPRckoTpNc7AxL2TpVwZ9idENkZr8KqWkKn0E0tE2QHJ7YqAUV4t73-BouL9_p8CtuZbqnB1FdGOJJ9SFhpOBPbc2wiDCVie-vaBtJ_e4QvJZIDC9KxcCdzz3WrBTw0tKA94VXJ4fT6XUZlTmKqRkZcKu8glvK8tUTj1Lt5rI9eOgc4yRlWFFoWr_l6gmStT87r0h_GXgVHOTM-fvD-IuUfpkt3DonzScn24trMoErLdXRsjNH2wccm_ljdNfttg65wAP9nVhv3LHgsAM2mvYG1hvBxtLsmzbyuYQv_SLVMZsyYtoyG-kEWYGhfd6cL7Tr1Crw5PvNN4ldF5NM7ysSSvfwFIZ9pBTzEZ99hTCX0t-CxTS8hLFbHNPSzEtqdzcoTgAxu5ykAK_A1wEuSFFRbmNmNAkor20G1fYqsY9oLCQ0gxwaitFCUB_N1lv10kTXrJqeKcqj-sTAgUt0dabmcwOzW6fwBuRzE70xGkdoXGDjz2OxKhIxMx7SPymmnQza4u3LGWaJTqqP0re8_dQdTZ71pZviKpfC-68DVC1YlIjbzsyKS_z9FSr1bj13F8DcKbk0G5ODcYdggneKzrZqSF5EUbuktyoV8rqWb_1bk5Wn9xuacjH_MrDjETJUJrYTcYP_NRTm-rL7xK--xPejeOgAzMy4a7FIsxGYZ6bBSUYWcXksCRXOHlnOkdsmuFTCZirbuYF3-K85_gR0H0aJnyVGwCBtrAtuaHylS5BgTxxL9sYajdjjWCBdf8CF4RqFnFfMi7IEBycOC3-Nn-Boe6C4zXhG46osRnADSarvq5eCO3W4ewvCecYqmNtxfM5dBnOjDwPSkxvPc7rnFE5Yqljg_iVSKpChtyuKLqd5eJD-nRphBHz_52reft_bEAttcQEtZPFkucwMsc3YlzM5weM3uGfkfGwT1EfppkiyZQYE27KgVgZq0QVz_J5CnHIFwf0LO0aqF3nqIBRNqGE85ix5zIIh0cMDrY-RGvL2i337GsDvRuaa0KvEEDgu8eU361wSKnNJUIztVU2X-TP7P-vfMEkeNcbpFifDzmVwgSwvw6Sp4VUy6FuhrUYPJBhrIEJ0y5LkKgVwcXP7LnG9aykzwOFDcsAPohcEZFCCkqq4Mvg_C05Y0TADJY0cNWfNHPNYfv3oR5sRtAIjK68ccs7n6GR7v5PUtU0TtTh92Zat5G4fLPA8sZJskvktg-TfMMEsfNcJ9J2Jn-KDSBxaEtl9DEKAjGAndk5CH4M9gacVufWeKv9LyxPPqF3s48r6Q9NBKQdo46C4aqwvY8PqW4M0oM_JR6ZzUci2Swr8Vmr8y2PH_05vvnKQ7AOqfqjG8An654tAFZJlgLPcO6kflh5C5RKrby3EHhLIwYCw1nTk6N3dJzl9d-hp5uJMFZnz9gDgETkU_PL06oXz8SKDNVqKldsIFvQ13R_L9Ceh2mpTPC9IBKG5KZZPBy3pi3tfROfKHBkl3NvnbLi-Uk5rvL9PoSE6X98PQ7RzlPHPXzVdxBtd5QtzZKaPj-c8Y4vD6A5bdEUGYUNwI7mGrVO6H9E3JVLQC-Oqb6p3PtEy7RBGMZAN1XqTsKeYXwAz84ZHvcLW7B6G2vRkJv1wvnAKZVU50Sd20nTCr1ZJab6KmkJSoxxLnf5QZLMYp0bW1yZeV0P0jh-oZbZjz8-mg2jq_ny8lazr6pXXuK7qk68x5hBWxpaF1M3csvykiQDd_Giy3vsqWQEBG1enjssUlbvco9zpvGyUumkZXX8eVyVIYcoEAl6XHEutYUWsqqcxC5XYl-G55HHl39fsVmpQ8sSMYM_wEdyiaw08tHUiDN45S6sM5-OJDUlcQguP5uu4Taf_ardgNaWhjBTk8i7lt-iD_wkmyb8gOVGr5rcjjKhX34MNMaMSvVZng9I11plwyxxI2oMV7G5Hw7X4PjWzjsMUh8hpUAIHKTrRKp46QtvmD2XBQWdkHk3hV26j7UdTB-72Z-jFkcJOyanxdUWBFabx9vWf5TQI8pqiBjnnq1yrLIlThRiHTenptdfugPOp3XjOzKPzc8quVpTreqeUUSdw6pnPrcmvR31PYaB8WFV5I4WhwVpoKeT4QmLS-0gY0WK9zXzprcUGm_quWKEOJr7Hqb0kBCNvzJifSQ4CLONtXHxT7tk_3-Xj3sy1unU8Mp9_IpVwHKpLBe86JekhtbbDXxAcNSd8eEAwLZcyAvZfaUDMElW1VPI2YtjVh6sXvsstmUvdlkNI7_hNLOEzptEOlyPYRP5JKmsz3p2Y-5Kio7WP39hI9Bh7hOyyy0M8GUrKG-0pZK32-HfgCu2BAeXQgmfTfCYkYfANvy1MIAMSfF8zhsAjER17SVyqQd2kE7aXoEdYgsoqVpJD6K4ZyLunpq80ZYVETC_I6LsRp9zjHZ1bQop7jJCFLV3gh-yMLYdRg_-z81o9OAGcUZ-XmNSSHJrHuThezbDqUmsBxDQWXpW4_6kfCrqxktGhIax4WQpA2FGZtTiPRLvoVzX-_4loGl1jJikBYhOjIr20xsesqUYwemh9SVow0fZvUZcSqOXksjcUjF0vtLtkYaQXWJl5_viJGyz8kgl1V8Ep2vw2CGyoaxXJdcPC7dE669i5iXy1T6OjDAOCmoLxLODHphtl5-Idteh4WStJMuDRyolEdKeqL14cISJMeZRxJ5smTb-4F2RHvNU66ualfs5AfObNR_bnUsU7M7XZ7nD8Bf_tcgWa_AtT4FdqsYh1_ZP4mKwlX0V0P88SO_zuw0Z6zZJlPdEwn1q9UNbqvtTDX73MkLZ9dj06NMILREWZBkwKM2QRCRYr0RtVrhWH-bvcfQz22UZZQjjjaLwKXMWLDXUQRJnL-HyR_rNVla12NxhKYDYm9wO-Pf3Dne-U8O8TAcAZXCl0ZUQLisijAoYRgqcC82kAGmmMNrfs4kywYkLhzcBZnC80Y5JDS4yFyaf2F7jtpcflpCJih5O1kkpFZC8E993Q4hlQg3aIJUzVfnF0Wc7gl-qcqmvDB4KVsEwBKwyl8XcKH9Sc3BCeTNjksDeyz_LASL5EwPmMFuGcwW7yyl3visimugzOGSPN97-I94VaSTr9vulkTAObW0S7y4SEIKnLel9UBqAI5sSejvZKmH2c6im_N7YACFfsXKa5bf94e1BXTXLvIHLquppxSotj4OpdHgJXtPn7DK0mSwJeaLJ9_uLejrxkhvklDoQ6I3D6AgsZKaIpd56RvNG3xMw9vRo5BiL9M7wO5UFpRNfc8kbX432GDetDnkNKmReDUMG9abY6sj7XClLhAlB9Gyzxp7v0J1WrkpQLSdlYBDUU4UVWQ0hDeHBnTh-p5VtN2Ep6ZVvzv93ruXeG2kCz78a4BUgnrFR-OqX4emFFDliO_VdVC0iwDTt3LNn7XMjc0XPVDwIMOF36AnzpxLEaBNgk2MxiCnBufx0zujbpsic6JI6e2Gi4BC68dN01SUi8LSe98nU38WDcOd3SX8TCUbewPZ8_0jNmZpctRjEHk9tbZ6Xwu2H4qZ9_6peLFbQIRoED1jYLM-D8URZMDdBdVYwUbqwFYVXeU9gMXpvUxv-zT6cXgTGkm5j4sSPX_01xzQ66TBBiR9VxG9wTSmh3TMmRF6jJWvEGxKhxShlDHbCRzxuwFsFgF6v0cX70xHueup0FX42HZhdsLgCfe1AyJr2MhzsL2BC82naD5xtiN9zJWCZjMmFPLWZA4HEWCXFYFlAp8KVy3MMhWqSnZdxZjujp76RM1H0WZFsmOUtQcOnC0-a6K4pJbi0m9Y7MhCEmwYe4P9VTijSHlPcjbF8Ivo4UiA_2NoXAhT1VkrD1m0RA-479OqxcpGNij-KAyXEqcZUk27fYEX09nzwWjnVAhpzUFmKpdl1wUug8oug1-1A3liHWZbMSlMqfQBRYPL5kg1qI96DyrONTGKodQReeWox81zVx2zBbUWfreqZp8oEo-Sm1MLvAJWMcq21rY6FHHCFlo-k16pSB4sLLUEr05yOWmqVNrbrwQG3V_fs6N2oRfHzgpEKVMBNgHE5VqO5Yl8I3IKeEjLjUoOOn1JT_ajbZDkWEoa4U96Ef_4-ptRmzTp_qDUJ-3s1Rc9lwJvOy9p1RVfGsN3g3ziFKv9geUjanD32dTEylQ7BKU_H8USWpuwoyyhhME1TSjU05bDyqSgu8OzWH7_xj17oG6WcJYak9zTQk0kChKoveAf4ThsG0ryTyUPcDyjeCV4G5mscvanunLEWTuUH2M61lE-1YahrJkpRVQQbNwM8ILF4XbLwEb4AbmS_xLEEH1wwlViZFoQMmtJzg-BaWCdNkG3rpj5OhHAUp3I-2ZIpOgsHyrSFvkFJrGCsV5J1cX-9khqizJRLpQmvLOWHCdcg2yQEsgL_Y44zNVQ97I-7RmWlCPJBSKU4YsjD_4sPchZWZojR4w3xQ9oaSJl_KyuYlMy62ikCSjKrfXhvfmuxmsW8xNBSG8WesTlyArCCqFKg2WboxLyafzJyq-oyFOqgQFq4meTxrKUnbvQSFexfcB8kyh8TeeBQbRy3eZQvtOiLZzEhkophtYzIrRZNaowRIArpzNxP7xj6c82J7ubcC8tkf8RscuMI721Oz62WmfbR40IoaP70PKofVA2lHYA8eJZhH52H0ZK8eaXWexJ0mAf56vQgI7MhSDJh20t2lIO0qXK-113ueA5pgtsZLyt26NqIACe20NvGiGu0gygYMog5RUQbcfZJO6-JPZdJrl6IsyH05NNoZrr9GKlQceXBLzMxl2o2jQNvgUymaoqS4U0iZvnMmyNJzn4Zhq7XPuSM7ziZI7E3MyGS-t5wJUChvaVrUJC-fyIE4ctL3ngdQL6ng5HmAhAOMQkXYGObkYtJpxElway6h93TJYybuPOiq-_SslMonBnH4F-a9yG8PHF8Pkc4Smi0h_eZNKTn6oipPfpZLLV9N0xCE6eBkAN6S-284REp6OBu7Bks3Ro5J-hsDTHOAmXf-eLbF52JGQCpcJ-rlg3vZPdG-ibSYU0m-BhzvFjXo0KCwudk_HdztPbe8JiXScJ_c9q2PFAbn0c2VJ9uKktTS4-hA6cuNKVSChb01jRXHuFfFH-58Xhel017vIEqlCKa3ulKT49RuvjE--lkgvT5zOIk_KKGrNkEPe1fTjH_JOUc_mjGGnugEBX8wHxzc7m4wIUfXZn1XWyvS0JISBEgsst9vmDUilNybA2rYSlKZjCZLl_YLbGPg2HalIUObJfgp16uOQnUfIF8iX4Z3dyxghPh86zYG-2KVkWQZKPbLw-gVGDHjd8pA5kJy8b7XqyCSxnPNioZj6_QIWq3ehCncNeHgWDV2jdd2XVYEBJQ_tCHE9ehYL23bvjbRKNlPA02BW72D2rlTN7dmvGQIKthq3L3kSzUIe8yfLV3KuXBsCZ93j7RM6da4xiQmtAmgGl_SH-5h-lJOaKUGW7zDXZzkvW-uiztz1ei_huLcQXRpTda_we9Ouoz4_N3gtwClcYFu8KstYIi7YVxZIPBQCM3MPiJkVaVGrsv2NAG2VaJjqy09S44PzgMlyAwRC8mwlYJU6k4Mjt-iOtv6CI1wIkER__E3tsmgvPn4c4tMqy8ZVclHINyRhijUEUclsp5zvhbek3n1nJDZKdJFwx6dcj0P56EHC6EYMxPgvkbywXfa_rnKpTJTZ6hKMWGeLMQCuaUf-d_BJ4FcsFzndAxWX7K0w8mbGBX4sodY69NZhfgKVnqXqwPdxT5WjuHJHxCVuyPgjevfgHB6aWVLfVqsFh1XwMTLY9wcF0CS5C88jmssyJq3yenOhYGkxxt3pR1GJumTqoGqI0b31tFYYRzcB0sFLRGe6bukB3fKA2vOLgrdoehnaXVVfNV_XWsAQ0sdgjYVkeEYmrVGdITpCd33XBZ7fALjIPnpwaqqILGQ-GkAfqW8BUAxnb-AO1BIdcZ7zxjHttlWXPADspLAoUlMZ8fNd44fa9Y8e_Bdwd1LrBJBV7D16Q7gip5398AaT54KNbUA_NrN6M5QKhZGEMrY_vyEZkEsHlPg63gVwSDaFlvBNhsEqNVpyt68yazMpejDvzV7ZYftbMkpfGD554o9QejGqifMp4z0jIB6F15cXuqOKD-Begtm9jhUoORrbuAuMnbHJnNKagVCrSRYm_ciSbebPNfw7_OSSYBVqIcdt5hFBcVTtwgLu40fArif3aFFM7-r25aiu2TFLcuFtV7lxCZz6aslKB0ckqMqpio1uK2a26aW9HhbSUuLHVGJU0kxxy1Z1iORoLrNG1UgZX_E9rcw8Hyceho6GJH2JT_gGxJAMvIn2XdqDuvYVbSL6-yRaXI6AAG2EfcmM1kVOyUpQTV3mnl1ng9AvTjI8evB8cdengzbnINXY1VMC-GgssPGtYcqX1WwB8_i9KjPrpzZPyAdhoIa4vntFiAlEYoI8NVLHh1pouaMOu6OH5iFdrOTCG5n1TDyuZUws0Q4u_sNv7VbIVtyE9xJ6o-9nEoH1BNbUVY6rjTMNKGqYYR6U-sRCQ2gV2dQ68Jmg23MOT0-simLvZUKsJqvoozZAqYFTD2HdehOS_7VUAKtZTvcxaEXYT3rl97WUwvilAQ1vwYO5wRFZVNMWVs5LVwNGNT5CaTxSfEA_x1K-EfZBN0h4620x9E2gB9ox55qORHPAXssN68zB10dbLFBh-4N8ceA7hC_9zF6Omt106tU5iT2xes5_tZRCBpifvzlDM8n2cPa0uW1nCl54beLeX-QU5S7ZJbIxyyscBm5GDOOikNMxvEZAUzKJKoRYPoZcssEXut7UKOSYz6lYYsyfXEFLmMBDm0Z6onlCHIohKjb7MN5w9C00GfR-6r1QK-56PvscGxi3BsCBDJz_sfh852YEYSt1B0Gr5FI5X18-e3HwzUUUibVuWweSCu3FSpqp_SyeFguDTsj93lpnVVBD1MN2srEiEvMcyXYgJ31_R8szws3xKYod3ThNqaKva4xD_5UPAR7ub-vZYBSWWPVKAzDKG7H556TPaZu5v-nBpitsTtIVkGiUGI8te90wKq9l4="','9298c9e9-76e9-488e-9c8d-7d71cb70452e','9a888ab6-a774-4e82-a667-03af50c5318b',0,'Bulkhead Estate');
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
INSERT INTO "block_schema" VALUES('3421a5bc-35e4-4f66-9668-68460b8fddd7','2026-11-30 22:19:13.805768','2026-11-30 22:19:13.805777','{"block_type_slug": "salesforce-org", "description": "A Salesforce org: where it is, how it is reached, and as whom.", "properties": {"alias": {"description": "Short name of the org, used everywhere.", "pattern": "^[a-z0-9-]+$", "title": "Alias", "type": "string", "position": 0}, "my_domain": {"description": "My Domain address, such as https://acme.my.salesforce.com.", "title": "My Domain", "type": "string", "position": 1}, "kind": {"description": "Whether the org holds production data.", "enum": ["production", "sandbox"], "title": "Kind", "type": "string", "position": 2}, "scanner": {"$ref": "#/definitions/OrgIdentity", "description": "Identity that reads; its session refuses every write.", "position": 3}, "enforcer": {"anyOf": [{"$ref": "#/definitions/OrgIdentity"}, {"type": "null"}], "default": null, "description": "Identity that changes, for approved plans only.", "position": 4}, "proxy": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "HTTP proxy through which the org is reached.", "title": "Proxy", "position": 5}, "ca_bundle": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "File of certificate authorities to trust.", "title": "Ca Bundle", "position": 6}, "region": {"default": "", "description": "Where the org''s data lives.", "title": "Region", "type": "string", "position": 7}, "time_zone": {"default": "UTC", "description": "IANA time zone of the org''s business hours.", "title": "Time Zone", "type": "string", "position": 8}}, "required": ["alias", "my_domain", "kind", "scanner"], "secret_fields": [], "title": "SalesforceOrg", "type": "object", "definitions": {"OrgIdentity": {"description": "One of our users in an org and the name of the secret that signs it in.", "properties": {"flow": {"description": "OAuth flow that gets the token.", "enum": ["jwt-bearer", "client-credentials"], "title": "Flow", "type": "string"}, "username": {"description": "User name in the org.", "title": "Username", "type": "string"}, "secret": {"description": "Name of the secret that holds the consumer key and the private key or secret.", "title": "Secret", "type": "string"}, "session_sets": {"description": "Session-activated permission sets with the write rights, woken for approved changes only.", "items": {"type": "string"}, "title": "Session Sets", "type": "array"}}, "required": ["flow", "username", "secret"], "title": "OrgIdentity", "type": "object"}}}','2b46bae3-2675-48bf-88c2-22c9da5c3044','sha256:e2bc014e87da3988fe9e57d76523f65023768a4ff22d1c94ec0e47a82a0eccf7','[]','non-versioned');
INSERT INTO "block_schema" VALUES('25838a50-5111-453c-bc51-c3cab27b4435','2026-11-30 22:19:14.390227','2026-11-30 22:19:14.390241','{"block_type_slug": "aws-secret-store", "description": "AWS Secrets Manager of one account and region. Credentials come from the usual AWS chain or a named file.", "properties": {"region": {"description": "AWS region, such as us-east-1.", "title": "Region", "type": "string", "position": 0}, "endpoint_url": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Endpoint, where it is not the public one.", "title": "Endpoint Url", "position": 1}, "profile": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Profile of the shared credentials file.", "title": "Profile", "position": 2}, "shared_credentials_file": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Path of the shared credentials file.", "title": "Shared Credentials File", "position": 3}, "ca_bundle": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "File of certificate authorities to trust.", "title": "Ca Bundle", "position": 4}, "enforcer_role": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "ARN of the role taken on for approved changes to firewalls.", "title": "Enforcer Role", "position": 5}}, "required": ["region"], "secret_fields": [], "title": "SecretStore", "type": "object"}','f1bb02d2-6d51-4531-b039-bc56398d7e09','sha256:f92e439b2c74a15e15efcb0529d048e5eaf99f73f0a65b50121332a9fc37e5be','[]','non-versioned');
INSERT INTO "block_schema" VALUES('d16d8ec3-fa08-4007-99ed-77d893651022','2026-11-30 22:19:14.572646','2026-11-30 22:19:14.572655','{"block_type_slug": "bulkhead-slack-channel", "description": "A Slack channel that alerts of some orgs go to.", "properties": {"orgs": {"description": "Aliases of the orgs whose alerts go here.", "items": {"type": "string"}, "title": "Orgs", "type": "array", "position": 0}, "secret": {"description": "Name of the secret that holds the incoming-webhook address.", "title": "Secret", "type": "string", "position": 1}}, "required": ["orgs", "secret"], "secret_fields": [], "title": "SlackChannel", "type": "object"}','7846c0e7-a3e0-40a5-8983-7805b8378fa4','sha256:6bcf4fffc77fdd878af42fe2ff1e30cb9dddc8bd7241814f1fc1b1bff37f30ff','[]','non-versioned');
INSERT INTO "block_schema" VALUES('72519903-e818-438e-8fe4-8b18343760cd','2026-11-30 22:19:14.721270','2026-11-30 22:19:14.721279','{"block_type_slug": "bulkhead-ledger", "description": "The ledger of plans, approvals, grants and evidence.", "properties": {"url_secret": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Name of the secret with the database''s address; a file where none is named.", "title": "Url Secret", "position": 0}, "signing_secret": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Name of the secret with the Ed25519 key that seals checkpoints.", "title": "Signing Secret", "position": 1}, "signing_kms_key": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "KMS key that seals checkpoints instead (ECC_NIST_P256).", "title": "Signing Kms Key", "position": 2}, "anchor_bucket": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Bucket with Object Lock that keeps the checkpoints.", "title": "Anchor Bucket", "position": 3}, "anchor_prefix": {"default": "ledger/", "description": "Where in the bucket.", "title": "Anchor Prefix", "type": "string", "position": 4}, "anchor_days": {"default": 2555, "description": "Days for which a checkpoint cannot be removed.", "title": "Anchor Days", "type": "integer", "position": 5}}, "secret_fields": [], "title": "Ledger", "type": "object"}','f4c2a984-73ce-4f22-a0bf-8aee929fbf4d','sha256:f2905c76b03212c59ff9e7436fc0985496e5815f1acc60be5d7d7ca9436330fe','[]','non-versioned');
INSERT INTO "block_schema" VALUES('9298c9e9-76e9-488e-9c8d-7d71cb70452e','2026-11-30 22:19:14.897986','2026-11-30 22:19:14.897997','{"block_type_slug": "bulkhead-estate", "description": "The registered estate and policy, validated before they were saved.", "properties": {"estate": {"description": "The estate: orgs, routes, channels, attestations.", "title": "Estate", "type": "object", "position": 0}, "policy": {"description": "The policy: networks, thresholds, caps, waivers.", "title": "Policy", "type": "object", "position": 1}}, "required": ["estate", "policy"], "secret_fields": [], "title": "EstateDocument", "type": "object"}','9a888ab6-a774-4e82-a667-03af50c5318b','sha256:a04a0c0a780a695fe532dfe5eeca6aee28a2965b5ff17c9dc64da93a0c0b2b56','[]','non-versioned');
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
INSERT INTO "block_type" VALUES('2b46bae3-2675-48bf-88c2-22c9da5c3044','2026-11-30 22:19:13.773973','2026-11-30 22:19:13.773980','Salesforce Org',NULL,'https://help.salesforce.com/s/articleView?id=sf.domain_name_overview.htm','A Salesforce org: where it is, how it is reached, and as whom.','```python
from blocks import SalesforceOrg

org = SalesforceOrg.load("hq")
```',0,'salesforce-org');
INSERT INTO "block_type" VALUES('f1bb02d2-6d51-4531-b039-bc56398d7e09','2026-11-30 22:19:14.348823','2026-11-30 22:19:14.348833','AWS Secret Store',NULL,'https://docs.aws.amazon.com/secretsmanager/','AWS Secrets Manager of one account and region. Credentials come from the usual AWS chain or a named file.','```python
from blocks import SecretStore

store = SecretStore.load("bulkhead")
```',0,'aws-secret-store');
INSERT INTO "block_type" VALUES('7846c0e7-a3e0-40a5-8983-7805b8378fa4','2026-11-30 22:19:14.547214','2026-11-30 22:19:14.547222','Bulkhead Slack Channel',NULL,'https://api.slack.com/messaging/webhooks','A Slack channel that alerts of some orgs go to.','```python
from blocks import SlackChannel

channel = SlackChannel.load("security")
```',0,'bulkhead-slack-channel');
INSERT INTO "block_type" VALUES('f4c2a984-73ce-4f22-a0bf-8aee929fbf4d','2026-11-30 22:19:14.696045','2026-11-30 22:19:14.696051','Bulkhead Ledger',NULL,'https://csrc.nist.gov/pubs/sp/800/92/final','The ledger of plans, approvals, grants and evidence.','```python
from blocks import Ledger

ledger = Ledger.load("bulkhead")
```',0,'bulkhead-ledger');
INSERT INTO "block_type" VALUES('9a888ab6-a774-4e82-a667-03af50c5318b','2026-11-30 22:19:14.862511','2026-11-30 22:19:14.862518','Bulkhead Estate',NULL,'https://csrc.nist.gov/pubs/sp/800/207/final','The registered estate and policy, validated before they were saved.','```python
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
INSERT INTO "concurrency_limit_v2" VALUES('b4ceb47a-313e-4b7e-995e-a5995346f9a7','2026-11-30 22:19:15.953644','2026-11-30 22:19:15.953653',1,'deployment:2e66ed4e-0b28-4070-bcec-8b233d8abb05',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('c6574734-5d7e-46d6-a2c7-7a16758ebf47','2026-11-30 22:19:16.149997','2026-11-30 22:19:16.150006',1,'deployment:635bb4d0-f5c6-47d6-ad6e-9784fb4c941c',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('c7757d66-0a41-498d-89c2-57226550c437','2026-11-30 22:19:16.303821','2026-11-30 22:19:16.303830',1,'deployment:231aa90d-95c6-4f36-9d89-09d6eaa37e59',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('790a6410-58b8-4cf0-b415-41ebb4fa0365','2026-11-30 22:19:16.462909','2026-11-30 22:19:16.462918',1,'deployment:4bfc1e87-5e02-4efb-883d-f484231ab068',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('b88369c1-084e-4df3-b898-0b37ccaaae47','2026-11-30 22:19:16.605537','2026-11-30 22:19:16.605546',1,'deployment:6c64e9e5-c23d-44d6-b08d-2be045693f99',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('a9337c0f-b847-46b1-a09a-c4ae9a303199','2026-11-30 22:19:16.756596','2026-11-30 22:19:16.756605',1,'deployment:2588c445-7330-4d4f-802c-e7d1616c9615',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('9a41fbda-933d-4db6-a77b-8884114cb49e','2026-11-30 22:19:16.911828','2026-11-30 22:19:16.911835',1,'deployment:ce604925-4a4a-4862-9f4a-540516c45308',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('471908c5-0c40-49c2-9ee1-0dd7685c3952','2026-11-30 22:19:17.066564','2026-11-30 22:19:17.066572',1,'deployment:5fcff5ad-3ded-4f86-92c1-440dbfe0e898',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('4e386334-603e-4e45-a0f8-35bcdd58d92a','2026-11-30 22:19:19.503425','2026-11-30 22:19:19.503439',1,'deployment:3c29411d-f9f2-4bba-957d-a7d6c2b27a34',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('b564fe68-6ef3-4f30-823d-f1aa01a430aa','2026-11-30 22:19:19.689077','2026-11-30 22:19:19.689086',1,'deployment:7c488c14-3fa2-43ea-825c-028d9c08f63f',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('ddd0450e-ff6a-4bf0-a104-d02a6a600014','2026-11-30 22:19:19.895980','2026-11-30 22:19:19.895988',1,'deployment:34c2c29e-0f3b-49ee-951b-7f977a2bfaa7',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('5f35d385-af02-469d-8ee5-0c6d8de7f290','2026-11-30 22:19:20.131941','2026-11-30 22:19:20.131950',1,'deployment:82cd22a1-26fc-41a4-9af9-30edfdc0a9ad',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('4f41b08d-9f9d-452b-bf95-3ae463ce772c','2026-11-30 22:19:20.328230','2026-11-30 22:19:20.328238',1,'deployment:44a5f608-a8f4-4bdd-883d-9e0422500a64',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('fe593140-c2bf-402c-aa23-9ecdc1d7a851','2026-11-30 22:19:20.554191','2026-11-30 22:19:20.554200',1,'deployment:fdc29adb-9b98-4069-9a51-a7993eb2e4cc',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('49868ff6-1329-4364-be46-26f73170ec04','2026-11-30 22:19:20.732621','2026-11-30 22:19:20.732630',1,'deployment:efb9780f-472d-4e40-ab0a-9ec3eb28341e',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('d5dac593-9a71-40e0-9256-46784184776c','2026-11-30 22:19:20.901438','2026-11-30 22:19:20.901447',1,'deployment:99292d5f-4ee9-45f3-ae4a-caa413551711',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('33acc24a-7663-4ebb-b6d5-0db9196b0474','2026-11-30 22:19:21.072509','2026-11-30 22:19:21.072518',1,'deployment:d7ad939c-807a-4990-bd3a-fbad21554666',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('0cc81a08-fcb2-4605-a567-5c68868945a6','2026-11-30 22:19:21.217659','2026-11-30 22:19:21.217668',1,'deployment:9f80a5fd-78d5-4d9e-825b-994c1e1f3fe4',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('36bdd9de-26de-4e9b-a00c-cf34693b51f3','2026-11-30 22:19:21.364953','2026-11-30 22:19:21.364963',1,'deployment:086adf33-4e1e-423f-8443-3e1bb437d6d5',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('8ca6da93-e102-464f-85d5-c1c6b3c3a9ce','2026-11-30 22:19:21.542079','2026-11-30 22:19:21.542088',1,'deployment:a7be9efa-9871-483b-9ac1-9f1cdd54810b',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('fe7f341d-9a6d-4169-b3e8-51d48770ce94','2026-11-30 22:19:21.749882','2026-11-30 22:19:21.749890',1,'deployment:2f1901d4-5d38-4ab9-af20-2fe92499439f',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('ed29cc59-5eae-4fba-9ef9-ab90ed78ba87','2026-11-30 22:19:21.933844','2026-11-30 22:19:21.933851',1,'deployment:04fc33f9-67e5-468f-8472-98b1cfc7bc16',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('cc4f179c-f579-4995-a63e-7158fc481935','2026-11-30 22:19:22.140068','2026-11-30 22:19:22.140077',1,'deployment:39961bd8-5e85-45ec-995d-a41712914549',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('cd8a29eb-e119-4e42-8bf3-568387fd1a56','2026-11-30 22:19:24.357406','2026-11-30 22:19:24.357415',1,'deployment:daa975a3-ea65-49ed-af9d-4303a070aca2',8,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('b5f39d42-529b-4550-9a4c-53b34a0fb19e','2026-11-30 22:19:24.525053','2026-11-30 22:19:24.525061',1,'deployment:4dea04ee-0072-4b42-9e4c-61f7f312c5ce',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('f9db7854-1710-4b68-8416-628d758004ab','2026-11-30 22:19:24.691050','2026-11-30 22:19:24.691058',1,'deployment:ee90df55-6333-4e0b-9580-4aed5c5f8312',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('7a612a06-ffe1-4012-912e-c3bd18b792a8','2026-11-30 22:19:24.838205','2026-11-30 22:19:24.838213',1,'deployment:880ce39f-e271-40f8-b2fc-b78a9da60312',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('84d3d81e-3ced-4b41-812a-99eb0a9c8aff','2026-11-30 22:19:25.023929','2026-11-30 22:19:25.023938',1,'deployment:dc405599-cdf3-41de-b9b3-b4a2f89ee5d2',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('0f3e52ff-c030-40d2-b63f-6be1f95b69dc','2026-11-30 22:19:25.183583','2026-11-30 22:19:25.183592',1,'deployment:4a3485fa-f2f0-4755-b86c-4ee7653dede2',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('499fefbb-298c-4b38-948e-6faf179e3453','2026-11-30 22:19:25.326286','2026-11-30 22:19:25.326293',1,'deployment:901176bb-79a7-4e37-a147-ffe838b039be',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('61b529cf-2914-49d4-9def-9350eed7efc5','2026-11-30 22:19:25.481661','2026-11-30 22:19:25.481670',1,'deployment:55834f13-e4d2-4190-8245-e4c2ebe98f06',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('c93b7ca0-8dff-43e9-a389-e5d598cd12d1','2026-11-30 22:19:25.695809','2026-11-30 22:19:25.695818',1,'deployment:f9616a85-69d1-4135-ba91-84d5ef8e70d1',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('fe14ed9f-d577-4f8d-9c69-580329a8eced','2026-11-30 22:19:25.866027','2026-11-30 22:19:25.866038',1,'deployment:20b575fc-e3d3-4909-a08f-f193714db997',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('d7299aa8-2d06-469d-950d-35a0dc94970a','2026-11-30 22:19:26.032788','2026-11-30 22:19:26.032796',1,'deployment:be110081-29cb-457f-b0f0-63c248bcfff2',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('45004230-0858-4ede-ab8a-355d6b93add5','2026-11-30 22:19:26.208108','2026-11-30 22:19:26.208116',1,'deployment:8f0f0ec8-741a-4d31-b077-974c14d473b9',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('66b94073-e3e2-4753-916e-fdcf9ba3e3d6','2026-11-30 22:19:26.420746','2026-11-30 22:19:26.420754',1,'deployment:746ab343-d733-4475-8960-b15d4913ac0c',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('df171def-2163-4c05-bdb9-0ed617f07fa1','2026-11-30 22:19:26.608250','2026-11-30 22:19:26.608258',1,'deployment:1bccd411-61b3-44da-b2c5-2c88015653ce',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('54a53ba0-e600-49e8-8538-097685720e5d','2026-11-30 22:19:26.789150','2026-11-30 22:19:26.789158',1,'deployment:23761862-2f91-4fa9-bf33-6765cb05f783',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('b32dedc6-30c4-4ebb-ab9b-00791bcf0691','2026-11-30 22:19:26.937271','2026-11-30 22:19:26.937280',1,'deployment:93a730a2-2156-4a86-acf1-13fd44647648',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('96d20521-50de-4d45-bd8d-8fdf5c15bb0b','2026-11-30 22:19:27.117153','2026-11-30 22:19:27.117163',1,'deployment:5b9802e9-6192-4e2f-a4ce-1d13525e9c61',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('e2ac11a0-e1ca-44e8-8db4-12ff7c89b913','2026-11-30 22:19:27.289310','2026-11-30 22:19:27.289319',1,'deployment:53c6a5bf-b213-40a8-acdb-3e519ecc068e',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('7871c856-93c8-430f-bb93-65a25d42619e','2026-11-30 22:19:27.471594','2026-11-30 22:19:27.471602',1,'deployment:7eb309c3-1805-44d6-a1df-e4dc393c1746',8,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('6fbb5e6f-8242-4454-a20c-52b4acc93370','2026-11-30 22:19:27.643384','2026-11-30 22:19:27.643393',1,'deployment:6165b34b-a75f-475e-b478-b1e79cff382c',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('0a622f86-1a40-4063-8d65-4c82ccd2c189','2026-11-30 22:19:27.798501','2026-11-30 22:19:27.798510',1,'deployment:13dde4ba-e55d-4cab-9915-38d53f195987',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('fbcb9f70-b437-42fb-964e-2a45cfb8f2fe','2026-11-30 22:19:27.942926','2026-11-30 22:19:27.942934',1,'deployment:bd1ce756-0ca7-4e3b-b1dc-3d2553dfac74',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('9c7fd8e5-0cc6-4e1f-a547-e6c35b4e6047','2026-11-30 22:19:28.162718','2026-11-30 22:19:28.162726',1,'deployment:b65e84eb-c9ce-4636-b2d8-fa361c42c0a5',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('ca0467d0-42e3-4cb8-b544-8821d0ef8613','2026-11-30 22:19:28.351350','2026-11-30 22:19:28.351358',1,'deployment:95bf9051-a420-4d79-b8ee-feaf9e81485f',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('e41d8bb6-98ff-4d8b-af79-7ec8aab1a878','2026-11-30 22:19:28.514744','2026-11-30 22:19:28.514752',1,'deployment:099b2915-4e89-4d54-8b44-56e2d04693e8',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('6ea5cf0c-74a6-44ca-8ada-01dd8ca0fa17','2026-11-30 22:19:28.666462','2026-11-30 22:19:28.666470',1,'deployment:166d4e2c-0c57-405e-9e80-9f56551abbb9',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('b792e30d-04e3-4408-b3ea-2d3e797d5882','2026-11-30 22:19:28.841649','2026-11-30 22:19:28.841658',1,'deployment:6ced169a-163c-4e12-9be0-f3f960f3dd03',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('d2b54554-92be-4a2f-b8c2-6d799ee708a4','2026-11-30 22:19:29.015513','2026-11-30 22:19:29.015521',1,'deployment:9a5b97b5-f0b4-4531-a791-83fc449e0cf3',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('5989822f-e526-4346-b405-6a45c5f82212','2026-11-30 22:19:29.171941','2026-11-30 22:19:29.171950',1,'deployment:4da22da5-1ff5-49d5-88e8-47bcd515192e',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('de192cbc-8dd7-4096-86ed-52ce2394cc73','2026-11-30 22:19:29.341451','2026-11-30 22:19:29.341461',1,'deployment:6474fb64-c8d5-4873-b54f-6e8434239e0f',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('794cb50a-1eaf-4bac-82a2-593df812396a','2026-11-30 22:19:29.496235','2026-11-30 22:19:29.496244',1,'deployment:9c93c7fb-7ab4-4195-8a2b-eeb7cb1e7502',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('c686a10a-9c9e-4b95-a3cb-4368f4bf9364','2026-11-30 22:19:29.658837','2026-11-30 22:19:29.658845',1,'deployment:23060ade-655d-4dfc-909a-0d088aba0ca9',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('1164fc08-3938-4b49-800a-42fb4328042c','2026-11-30 22:19:29.823977','2026-11-30 22:19:29.823987',1,'deployment:f62f1791-1ca4-4c27-bf33-c41c9e9f62a9',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('4decc1a3-9fed-4684-9478-727c1aadefd6','2026-11-30 22:19:29.974604','2026-11-30 22:19:29.974612',1,'deployment:414f9967-6028-476f-b0dc-8d92d9772a6b',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('bcb8f251-d78e-4e4e-8c51-16362411640d','2026-11-30 22:19:30.127741','2026-11-30 22:19:30.127749',1,'deployment:3e1704de-331e-4d5a-bcee-4f397e9ae4e9',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('06813526-ee5f-4af3-b55a-2afd71a5f6ce','2026-11-30 22:19:30.290832','2026-11-30 22:19:30.290840',1,'deployment:bdf0662b-5638-4c0c-918f-d8e3cea1f799',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('8c3fbc68-6aa8-4c2b-a687-bc6ee226bf87','2026-11-30 22:19:30.463330','2026-11-30 22:19:30.463337',1,'deployment:292d5fde-258f-4f35-90e8-3db472a8f9ab',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('5d381ac0-1465-45d0-9946-11443ef2dc63','2026-11-30 22:19:30.617271','2026-11-30 22:19:30.617280',1,'deployment:92da590d-50ba-4b96-832b-b1a3ad0c41cb',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('3916d29a-a576-49bc-8649-4ab3193f81fe','2026-11-30 22:19:30.773035','2026-11-30 22:19:30.773044',1,'deployment:3f7d78ab-8ad2-431c-b5c7-bd50f855e3cd',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('fd7a7cde-5a34-4f9e-aff7-f288ce4727e4','2026-11-30 22:19:30.926477','2026-11-30 22:19:30.926486',1,'deployment:f48ecaac-4e0c-4a8b-a437-79f892735e7d',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('7b0ae0b7-9eb1-457a-87e0-c0ab07b42082','2026-11-30 22:19:31.092983','2026-11-30 22:19:31.092993',1,'deployment:cb2e7d4d-b9a6-4b2a-b10d-f25b6401a79e',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('cd79df5e-9cb5-465f-8e45-1de835141efc','2026-11-30 22:19:31.291058','2026-11-30 22:19:31.291066',1,'deployment:05eb30a1-100d-4d77-9668-6ada300a19f8',8,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('f1086f45-3398-4624-afda-c54fc25a26bf','2026-11-30 22:19:31.464168','2026-11-30 22:19:31.464176',1,'deployment:145eb079-0acd-47e2-8505-646292b35fbb',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('358eb5d7-8550-4bc1-b309-b6bd3be6d297','2026-11-30 22:19:31.609164','2026-11-30 22:19:31.609173',1,'deployment:e3b4df2c-65f9-4939-80b8-c007587f4459',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('b6763b13-8ed1-467b-b753-1444f19505de','2026-11-30 22:19:31.749336','2026-11-30 22:19:31.749347',1,'deployment:e9435360-d309-401d-83f5-1548e2e1252a',1,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('0b2700e0-86a9-4773-b8fa-42a08a18320a','2026-11-30 22:19:31.979680','2026-11-30 22:19:31.979691',1,'deployment:e30fab9d-291d-4f5a-b669-21dd11ad0698',8,0,0,0.0,2.0);
INSERT INTO "concurrency_limit_v2" VALUES('6c0a34e1-253d-4072-a4d0-a1dbad009cfc','2026-11-30 22:19:32.196036','2026-11-30 22:19:32.196044',1,'deployment:42d1697f-d197-42d8-822a-021ebd09812e',1,0,0,0.0,2.0);
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
	CONSTRAINT fk_deployment__infrastructure_document_id__block_document FOREIGN KEY(infrastructure_document_id) REFERENCES block_document (id) ON DELETE CASCADE, 
	CONSTRAINT fk_deployment__flow_id__flow FOREIGN KEY(flow_id) REFERENCES flow (id) ON DELETE CASCADE, 
	CONSTRAINT fk_deployment__work_queue_id__work_queue FOREIGN KEY(work_queue_id) REFERENCES work_queue (id) ON DELETE SET NULL, 
	CONSTRAINT fk_deployment__storage_document_id__block_document FOREIGN KEY(storage_document_id) REFERENCES block_document (id) ON DELETE CASCADE, 
	CONSTRAINT fk_deployment__concurrency_limit_id__concurrency_limit_v2 FOREIGN KEY(concurrency_limit_id) REFERENCES concurrency_limit_v2 (id) ON DELETE SET NULL
);
INSERT INTO "deployment" VALUES('2e66ed4e-0b28-4070-bcec-8b233d8abb05','2026-11-30 22:19:15.929430','2026-11-30 22:19:15.957000','zero-trust','["phase:all", "job:all"]','{}','482457f5-d26d-44f6-bb4e-1406c27d4f48','Goes through **all four phases in order, as far as they may go today**: assessme',NULL,'{}',NULL,'99fb6382fab4ad9e39138aa70e13e889','{}',NULL,'flows.zero_trust.zero_trust',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','b4ceb47a-313e-4b7e-995e-a5995346f9a7','{"prefect.flow.id": "482457f5-d26d-44f6-bb4e-1406c27d4f48"}',NULL);
INSERT INTO "deployment" VALUES('635bb4d0-f5c6-47d6-ad6e-9784fb4c941c','2026-11-30 22:19:16.115002','2026-11-30 22:19:16.150000','assessment-weekly','["phase:assessment", "job:assessment", "scheduled"]','{}','b7a24d0b-a839-46c4-85f9-eb098ca600fd','Phase 1 of 4, weeks 1 and 2, and every week from then on. Reads every org of the',NULL,'{"title": "Parameters", "type": "object", "properties": {"orgs": {"default": [], "description": "Aliases of the orgs to read, as in estate.yaml. **Leave empty for all.** Trust between two orgs shows only when both are read.", "items": {"type": "string", "enum": ["hq", "emea", "hq-uat"]}, "position": 0, "title": "orgs", "type": "array", "uniqueItems": true}, "fail_on": {"default": "never", "description": "Ends the run as failed, after everything is published, when a finding is at least this severe.", "enum": ["never", "low", "medium", "high", "critical"], "position": 1, "title": "fail_on", "type": "string"}}}',NULL,'453647ed9bb717bbb92059c1ff3d2522','{}',NULL,'flows.assessment.assessment',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','c6574734-5d7e-46d6-a2c7-7a16758ebf47','{"prefect.flow.id": "b7a24d0b-a839-46c4-85f9-eb098ca600fd"}',NULL);
INSERT INTO "deployment" VALUES('231aa90d-95c6-4f36-9d89-09d6eaa37e59','2026-11-30 22:19:16.288464','2026-11-30 22:19:16.304000','quick-wins','["phase:quick-wins", "job:all"]','{}','661d0474-9c9c-4254-be3f-6a3f3cd6ab6b','Phase 2 of 4, weeks 3 to 6. Makes **the plans of the quick wins, one after anoth',NULL,'{}',NULL,'2b92ebaf9768887028f64440dd503c2a','{}',NULL,'flows.quick_wins.quick_wins',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','c7757d66-0a41-498d-89c2-57226550c437','{"prefect.flow.id": "661d0474-9c9c-4254-be3f-6a3f3cd6ab6b"}',NULL);
INSERT INTO "deployment" VALUES('4bfc1e87-5e02-4efb-883d-f484231ab068','2026-11-30 22:19:16.449176','2026-11-30 22:19:16.463000','least-privilege','["phase:quick-wins", "job:least-privilege"]','{}','d5eb7965-9ba4-4463-b5a9-7dc4bc6fc410','Makes a plan that leaves each sync user **exactly the rights its routes need**. ',NULL,'{}',NULL,'fa1952eb39811429a50253af88a4adf3','{}',NULL,'flows.least_privilege.least_privilege',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','790a6410-58b8-4cf0-b415-41ebb4fa0365','{"prefect.flow.id": "d5eb7965-9ba4-4463-b5a9-7dc4bc6fc410"}',NULL);
INSERT INTO "deployment" VALUES('6c64e9e5-c23d-44d6-b08d-2be045693f99','2026-11-30 22:19:16.591213','2026-11-30 22:19:16.606000','second-factors','["phase:quick-wins", "job:mfa"]','{}','ab1088b3-d32a-48e1-bcb4-163156eda4eb','Makes a plan by which **everybody who could take an org over is asked for a seco',NULL,'{}',NULL,'ce70619ea7ff3715d197d7e1427f9a57','{}',NULL,'flows.sign_in.second_factors',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','b88369c1-084e-4df3-b898-0b37ccaaae47','{"prefect.flow.id": "ab1088b3-d32a-48e1-bcb4-163156eda4eb"}',NULL);
INSERT INTO "deployment" VALUES('2588c445-7330-4d4f-802c-e7d1616c9615','2026-11-30 22:19:16.741751','2026-11-30 22:19:16.757000','oauth-flows','["phase:quick-wins", "job:oauth"]','{}','80ad3ce7-a070-43f4-99db-648e9634e7d1','Makes a plan that shuts the doors through which **a password alone gets a token*',NULL,'{}',NULL,'ce70619ea7ff3715d197d7e1427f9a57','{}',NULL,'flows.sign_in.oauth_flows',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','a9337c0f-b847-46b1-a09a-c4ae9a303199','{"prefect.flow.id": "80ad3ce7-a070-43f4-99db-648e9634e7d1"}',NULL);
INSERT INTO "deployment" VALUES('ce604925-4a4a-4862-9f4a-540516c45308','2026-11-30 22:19:16.898262','2026-11-30 22:19:16.912000','approve-plan','["phase:quick-wins", "phase:advanced", "job:plans"]','{}','237975ad-575f-43bc-ad6c-f02c28f1a54d','Notes **your yes to exactly one digest** in the ledger. It changes no org.

* Th',NULL,'{}',NULL,'5c16ec48fe212de9c80b82954ea89142','{}',NULL,'flows.plans.approve_plan',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','9a41fbda-933d-4db6-a77b-8884114cb49e','{"prefect.flow.id": "237975ad-575f-43bc-ad6c-f02c28f1a54d"}',NULL);
INSERT INTO "deployment" VALUES('5fcff5ad-3ded-4f86-92c1-440dbfe0e898','2026-11-30 22:19:17.052753','2026-11-30 22:19:17.067000','apply-plan','["phase:quick-wins", "phase:advanced", "job:plans"]','{}','e3ecd69f-e6be-4b1a-9b87-23a7d7218f85','Applies an approved plan: **reads, compares, notes, writes, reads back**, org by',NULL,'{}',NULL,'5c16ec48fe212de9c80b82954ea89142','{}',NULL,'flows.plans.apply_plan',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','471908c5-0c40-49c2-9ee1-0dd7685c3952','{"prefect.flow.id": "e3ecd69f-e6be-4b1a-9b87-23a7d7218f85"}',NULL);
INSERT INTO "deployment" VALUES('3c29411d-f9f2-4bba-957d-a7d6c2b27a34','2026-11-30 22:19:19.482148','2026-11-30 22:19:19.504000','rollback-plan','["phase:quick-wins", "phase:advanced", "job:plans"]','{}','2c5232ff-5e03-44b0-833d-95975975a6cc','Takes a plan back, **whole or by the numbers of its changes**; what depends on a',NULL,'{}',NULL,'5c16ec48fe212de9c80b82954ea89142','{}',NULL,'flows.plans.rollback_plan',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','4e386334-603e-4e45-a0f8-35bcdd58d92a','{"prefect.flow.id": "2c5232ff-5e03-44b0-833d-95975975a6cc"}',NULL);
INSERT INTO "deployment" VALUES('7c488c14-3fa2-43ea-825c-028d9c08f63f','2026-11-30 22:19:19.652175','2026-11-30 22:19:19.690000','keep-evidence-hourly','["phase:continuous", "job:evidence", "scheduled"]','{}','23095284-a675-4955-9b09-8cc59a5c2832','Signs what is new in the ledger, keeps the signature **where nobody can remove i',NULL,'{}',NULL,'e52700ef17b2951ba32cdf6a345f496e','{}',NULL,'flows.continuous.keep_evidence',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','b564fe68-6ef3-4f30-823d-f1aa01a430aa','{"prefect.flow.id": "23095284-a675-4955-9b09-8cc59a5c2832"}',NULL);
INSERT INTO "deployment" VALUES('34c2c29e-0f3b-49ee-951b-7f977a2bfaa7','2026-11-30 22:19:19.861782','2026-11-30 22:19:19.897000','end-lost-runs-every-minute','["phase:continuous", "job:runs", "frequent", "scheduled"]','{}','7ae7fbbe-1739-47b0-b8e5-41e438b8b153','Ends **runs whose machine or process is gone**: Prefect calls them Running for e',NULL,'{}',NULL,'4e35be11f529902fca8944bbed9d7909','{}',NULL,'flows.runs.end_lost_runs',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "CANCEL_NEW", "grace_period_seconds": 120}','ddd0450e-ff6a-4bf0-a104-d02a6a600014','{"prefect.flow.id": "7ae7fbbe-1739-47b0-b8e5-41e438b8b153"}',NULL);
INSERT INTO "deployment" VALUES('82cd22a1-26fc-41a4-9af9-30edfdc0a9ad','2026-11-30 22:19:20.091758','2026-11-30 22:19:20.132000','delete-old-runs-daily','["phase:continuous", "job:runs", "scheduled"]','{}','7a5fbfba-e5bf-423d-828f-4957018fed90','Deletes **runs that nobody needs any more** from Prefect''s record. Runs every da',NULL,'{}',NULL,'4e35be11f529902fca8944bbed9d7909','{}',NULL,'flows.runs.delete_old_runs',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','5f35d385-af02-469d-8ee5-0c6d8de7f290','{"prefect.flow.id": "7a5fbfba-e5bf-423d-828f-4957018fed90"}',NULL);
INSERT INTO "deployment" VALUES('44a5f608-a8f4-4bdd-883d-9e0422500a64','2026-11-30 22:19:20.297843','2026-11-30 22:19:20.328000','quarterly-audit','["phase:continuous", "job:evidence", "scheduled"]','{}','14ff4835-4539-4243-a8ce-28596752025e','Makes **the evidence pack of a quarter**: findings, plans, approvals, changes, v',NULL,'{}',NULL,'a9c1f6885b5107d525aa3a4914e0df5a','{}',NULL,'flows.audit.quarterly_audit',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','4f41b08d-9f9d-452b-bf95-3ae463ce772c','{"prefect.flow.id": "14ff4835-4539-4243-a8ce-28596752025e"}',NULL);
INSERT INTO "deployment" VALUES('fdc29adb-9b98-4069-9a51-a7993eb2e4cc','2026-11-30 22:19:20.519132','2026-11-30 22:19:20.554000','emerging-threats-daily','["phase:continuous", "job:threats", "scheduled"]','{}','9fd8075d-2804-47ae-8040-2d65215af8d5','Says **which of our routes an announced change of the platform stops**, and whet',NULL,'{}',NULL,'6af264b81ac9dfd0277caafa6f8ea1e2','{}',NULL,'flows.threats.emerging_threats',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','fe593140-c2bf-402c-aa23-9ecdc1d7a851','{"prefect.flow.id": "9fd8075d-2804-47ae-8040-2d65215af8d5"}',NULL);
INSERT INTO "deployment" VALUES('efb9780f-472d-4e40-ab0a-9ec3eb28341e','2026-11-30 22:19:20.701101','2026-11-30 22:19:20.733000','recertify-access-daily','["phase:continuous", "job:recertification", "scheduled"]','{}','47a14b87-4060-4143-9772-a02569705d64','Asks the owners of **each trust between orgs, each route and each window of just',NULL,'{}',NULL,'dad305dc6d13953ee89da6411257adb4','{}',NULL,'flows.recertification.recertify_access',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','49868ff6-1329-4364-be46-26f73170ec04','{"prefect.flow.id": "47a14b87-4060-4143-9772-a02569705d64"}',NULL);
INSERT INTO "deployment" VALUES('99292d5f-4ee9-45f3-ae4a-caa413551711','2026-11-30 22:19:20.885909','2026-11-30 22:19:20.902000','answer-recertification','["phase:continuous", "job:recertification"]','{}','6a72f9b5-1cb4-4d11-a4f9-0fd73a2bbd0a','An owner''s answer: **this access is still needed, or it is not**. It changes no ',NULL,'{}',NULL,'dad305dc6d13953ee89da6411257adb4','{}',NULL,'flows.recertification.answer_recertification',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','d5dac593-9a71-40e0-9256-46784184776c','{"prefect.flow.id": "6a72f9b5-1cb4-4d11-a4f9-0fd73a2bbd0a"}',NULL);
INSERT INTO "deployment" VALUES('d7ad939c-807a-4990-bd3a-fbad21554666','2026-11-30 22:19:21.055042','2026-11-30 22:19:21.073000','request-access','["phase:advanced", "job:access"]','{}','5d0ce431-2d6a-4ed4-8a94-0a940c26c6d6','Asks for a permission set **for some hours**: by the name of a route, by a runni',NULL,'{"title": "Parameters", "type": "object", "properties": {"requester": {"description": "Who asks. **That person cannot approve it.**", "maxLength": 120, "minLength": 2, "position": 0, "title": "requester", "type": "string"}, "reason": {"description": "What it is for; it stays in the ledger.", "maxLength": 500, "minLength": 3, "position": 1, "title": "reason", "type": "string"}, "route": {"default": "", "description": "Name of a route, as in estate.yaml: **its sync user gets the set of its least-privilege plan.**", "position": 2, "title": "route", "type": "string", "enum": ["", "HQ_to_EMEA"]}, "org": {"default": "", "description": "Alias of the org, as in estate.yaml. Not with a route.", "position": 3, "title": "org", "type": "string", "enum": ["", "hq", "emea", "hq-uat"]}, "username": {"default": "", "description": "User name in that org of who gets the set. Not with a route.", "pattern": "^(.{3,120})?$", "position": 4, "title": "username", "type": "string"}, "permission_set": {"default": "", "description": "API name of the permission set. Not with a route.", "pattern": "^([A-Za-z]\\w{0,79})?$", "position": 5, "title": "permission_set", "type": "string"}, "hours": {"anyOf": [{"exclusiveMinimum": 0, "maximum": 24, "type": "number"}, {"type": "null"}], "default": null, "description": "For how long, from the approval on. **Leave empty for as long as the policy allows.**", "position": 6, "title": "hours"}, "ticket": {"default": "", "description": "The ticket or job that it belongs to, where there is one.", "position": 7, "title": "ticket", "type": "string"}, "extends": {"default": "", "description": "Id of a running grant that is to last longer, instead of a route or a set.", "pattern": "^([0-9a-fA-F]{6,16})?$", "position": 8, "title": "extends", "type": "string"}}, "required": ["requester", "reason"]}',NULL,'53aff46a61d1dfb1226e4b213563b981','{}',NULL,'flows.access.request_access',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','33acc24a-7663-4ebb-b6d5-0db9196b0474','{"prefect.flow.id": "5d0ce431-2d6a-4ed4-8a94-0a940c26c6d6"}',NULL);
INSERT INTO "deployment" VALUES('9f80a5fd-78d5-4d9e-825b-994c1e1f3fe4','2026-11-30 22:19:21.204952','2026-11-30 22:19:21.218000','approve-access','["phase:advanced", "job:access"]','{}','bb038915-e840-4f61-a4c6-5f6e693fce71','Approves a request: the clock starts now, on the org''s own time, and the set is ',NULL,'{}',NULL,'53aff46a61d1dfb1226e4b213563b981','{}',NULL,'flows.access.approve_access',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','0cc81a08-fcb2-4605-a567-5c68868945a6','{"prefect.flow.id": "bb038915-e840-4f61-a4c6-5f6e693fce71"}',NULL);
INSERT INTO "deployment" VALUES('086adf33-4e1e-423f-8443-3e1bb437d6d5','2026-11-30 22:19:21.352299','2026-11-30 22:19:21.365000','end-access','["phase:advanced", "job:access"]','{}','1b3edabd-8344-40ab-9906-34e806c59715','Ends a grant **before its time** and takes the set away at once.',NULL,'{}',NULL,'53aff46a61d1dfb1226e4b213563b981','{}',NULL,'flows.access.end_access',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','36bdd9de-26de-4e9b-a00c-cf34693b51f3','{"prefect.flow.id": "1b3edabd-8344-40ab-9906-34e806c59715"}',NULL);
INSERT INTO "deployment" VALUES('a7be9efa-9871-483b-9ac1-9f1cdd54810b','2026-11-30 22:19:21.505121','2026-11-30 22:19:21.542000','sweep-access-every-minute','["phase:continuous", "job:access", "frequent", "scheduled"]','{}','e8aaec19-0664-4127-adf8-047cfc9d02de','Makes every org hold **what grants say and nothing longer**. Runs every minute, ',NULL,'{}',NULL,'e52700ef17b2951ba32cdf6a345f496e','{}',NULL,'flows.continuous.sweep_access',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "CANCEL_NEW", "grace_period_seconds": 120}','8ca6da93-e102-464f-85d5-c1c6b3c3a9ce','{"prefect.flow.id": "e8aaec19-0664-4127-adf8-047cfc9d02de"}',NULL);
INSERT INTO "deployment" VALUES('2f1901d4-5d38-4ab9-af20-2fe92499439f','2026-11-30 22:19:21.717769','2026-11-30 22:19:21.750000','review-access-daily','["phase:continuous", "job:access", "scheduled"]','{}','0067f5a1-5ad9-44b6-a923-1f1b14bf34eb','Says of every grant that is over **what it was used for**: how long, and for whi',NULL,'{}',NULL,'e52700ef17b2951ba32cdf6a345f496e','{}',NULL,'flows.continuous.review_access',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','fe7f341d-9a6d-4169-b3e8-51d48770ce94','{"prefect.flow.id": "0067f5a1-5ad9-44b6-a923-1f1b14bf34eb"}',NULL);
INSERT INTO "deployment" VALUES('04fc33f9-67e5-468f-8472-98b1cfc7bc16','2026-11-30 22:19:21.903067','2026-11-30 22:19:35.669000','watch-plans-every-10-minutes','["phase:continuous", "job:plans", "frequent", "scheduled"]','{}','cb5e8cdf-82c0-4471-a488-fff65ebdf04d','Watches **users of routes whose rights a plan changed**, for the hours that poli',NULL,'{}',NULL,'e52700ef17b2951ba32cdf6a345f496e','{}',NULL,'flows.continuous.watch_plans',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,1,'NOT_READY',1,'{"collision_strategy": "CANCEL_NEW", "grace_period_seconds": 120}','ed29cc59-5eae-4fba-9ef9-ab90ed78ba87','{"prefect.flow.id": "cb5e8cdf-82c0-4471-a488-fff65ebdf04d"}',NULL);
INSERT INTO "deployment" VALUES('39961bd8-5e85-45ec-995d-a41712914549','2026-11-30 22:19:22.100415','2026-11-30 22:19:22.140000','heartbeat-every-5-minutes','["phase:continuous", "job:alerts", "frequent", "scheduled"]','{}','7df77771-7d9b-4f8f-a2be-c32afe7ebd22','Tells **a silent detector from a quiet night**, and brings what waits to the cha',NULL,'{}',NULL,'3c1a21395b744887e21cb9a90fc2db4d','{}',NULL,'flows.alerts.heartbeat',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "CANCEL_NEW", "grace_period_seconds": 120}','cc4f179c-f579-4995-a63e-7158fc481935','{"prefect.flow.id": "7df77771-7d9b-4f8f-a2be-c32afe7ebd22"}',NULL);
INSERT INTO "deployment" VALUES('daa975a3-ea65-49ed-af9d-4303a070aca2','2026-11-30 22:19:24.343752','2026-11-30 22:19:24.358000','tell-run','["phase:continuous", "job:alerts"]','{}','83324d51-71f7-4bcb-9493-fa3f659233e5','Opens an alert about **a scheduled run that failed or did not come**. Automation',NULL,'{}',NULL,'19f4f04bcddd035a059f6b0fed474beb','{}',NULL,'flows.reminders.tell_run',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',8,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','cd8a29eb-e119-4e42-8bf3-568387fd1a56','{"prefect.flow.id": "83324d51-71f7-4bcb-9493-fa3f659233e5"}',NULL);
INSERT INTO "deployment" VALUES('4dea04ee-0072-4b42-9e4c-61f7f312c5ce','2026-11-30 22:19:24.494605','2026-11-30 22:19:24.525000','remind-approvals-hourly','["phase:continuous", "job:plans", "scheduled"]','{}','5065a7a8-1ae3-4e09-be45-f35bac006b4b','Reminds of **plans that nobody has approved** for longer than `phases.remind_aft',NULL,'{}',NULL,'19f4f04bcddd035a059f6b0fed474beb','{}',NULL,'flows.reminders.remind_approvals',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "CANCEL_NEW", "grace_period_seconds": 120}','b5f39d42-529b-4550-9a4c-53b34a0fb19e','{"prefect.flow.id": "5065a7a8-1ae3-4e09-be45-f35bac006b4b"}',NULL);
INSERT INTO "deployment" VALUES('ee90df55-6333-4e0b-9580-4aed5c5f8312','2026-11-30 22:19:24.678146','2026-11-30 22:19:24.691000','list-alerts','["phase:continuous", "job:alerts"]','{}','b6e491e6-90a8-4e25-898f-bdfdab219bca','Shows **what is open** and who looks after it, as the artifact *alerts*.',NULL,'{}',NULL,'3c1a21395b744887e21cb9a90fc2db4d','{}',NULL,'flows.alerts.list_alerts',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','f9db7854-1710-4b68-8416-628d758004ab','{"prefect.flow.id": "b6e491e6-90a8-4e25-898f-bdfdab219bca"}',NULL);
INSERT INTO "deployment" VALUES('880ce39f-e271-40f8-b2fc-b78a9da60312','2026-11-30 22:19:24.825504','2026-11-30 22:19:24.838000','acknowledge-alert','["phase:continuous", "job:alerts"]','{}','efdc2c16-e4af-489e-9add-13eba552e1e8','Says that **somebody looks after an alert**: it is escalated no further, and eve',NULL,'{}',NULL,'3c1a21395b744887e21cb9a90fc2db4d','{}',NULL,'flows.alerts.acknowledge_alert',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','7a612a06-ffe1-4012-912e-c3bd18b792a8','{"prefect.flow.id": "efdc2c16-e4af-489e-9add-13eba552e1e8"}',NULL);
INSERT INTO "deployment" VALUES('dc405599-cdf3-41de-b9b3-b4a2f89ee5d2','2026-11-30 22:19:24.982964','2026-11-30 22:19:25.024000','stream-events-every-5-minutes','["phase:continuous", "job:streams", "frequent", "scheduled"]','{}','b60a22ee-1330-4518-b65c-71b2b31c5db6','Brings **alerts, findings and ledger entries as OCSF** to the receivers under `s',NULL,'{}',NULL,'f6060d72533a50a1b145695552c4a2b7','{}',NULL,'flows.streams.stream_events',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "CANCEL_NEW", "grace_period_seconds": 120}','84d3d81e-3ced-4b41-812a-99eb0a9c8aff','{"prefect.flow.id": "b60a22ee-1330-4518-b65c-71b2b31c5db6"}',NULL);
INSERT INTO "deployment" VALUES('4a3485fa-f2f0-4755-b86c-4ee7653dede2','2026-11-30 22:19:25.170748','2026-11-30 22:19:25.184000','web-firewall','["phase:quick-wins", "job:network"]','{}','debe15a1-74b5-4cd7-88e4-99a19991ebd3','Makes a plan by which the **web ACLs in AWS** before the company''s gateways do w',NULL,'{}',NULL,'203e8ac87027d08b8297246661e3d85e','{}',NULL,'flows.web_firewall.web_firewall',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','0f3e52ff-c030-40d2-b63f-6be1f95b69dc','{"prefect.flow.id": "debe15a1-74b5-4cd7-88e4-99a19991ebd3"}',NULL);
INSERT INTO "deployment" VALUES('901176bb-79a7-4e37-a147-ffe838b039be','2026-11-30 22:19:25.313506','2026-11-30 22:19:25.327000','segmentation','["phase:quick-wins", "job:network"]','{}','a7ffe958-44c4-4556-bcd2-8b178a5a9ecc','Makes a plan that closes **what joins production and non-production**: remote si',NULL,'{}',NULL,'bf8fc5e77e15077b46daf1354e5b5635','{}',NULL,'flows.segmentation.segmentation',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','499fefbb-298c-4b38-948e-6faf179e3453','{"prefect.flow.id": "a7ffe958-44c4-4556-bcd2-8b178a5a9ecc"}',NULL);
INSERT INTO "deployment" VALUES('55834f13-e4d2-4190-8245-e4c2ebe98f06','2026-11-30 22:19:25.464969','2026-11-30 22:19:25.482000','exposed-secrets','["phase:quick-wins", "job:credentials"]','{}','6aa0c2fe-cf52-43de-bc96-1a276a9d4d37','Finds **secrets outside of the secrets manager** and makes a plan to move them: ',NULL,'{}',NULL,'ace8e2fccfa4200ca7f4496ce0a40621','{}',NULL,'flows.credentials.exposed_secrets',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','61b529cf-2914-49d4-9def-9350eed7efc5','{"prefect.flow.id": "6aa0c2fe-cf52-43de-bc96-1a276a9d4d37"}',NULL);
INSERT INTO "deployment" VALUES('f9616a85-69d1-4135-ba91-84d5ef8e70d1','2026-11-30 22:19:25.661133','2026-11-30 22:19:25.696000','credential-calendar-weekly','["phase:continuous", "job:credentials", "scheduled"]','{}','3694021f-179b-4cce-9406-87c075576366','The **credential calendar** of all orgs: what expires when, who uses it, and wha',NULL,'{}',NULL,'ace8e2fccfa4200ca7f4496ce0a40621','{}',NULL,'flows.credentials.credential_calendar',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','c93b7ca0-8dff-43e9-a389-e5d598cd12d1','{"prefect.flow.id": "3694021f-179b-4cce-9406-87c075576366"}',NULL);
INSERT INTO "deployment" VALUES('20b575fc-e3d3-4909-a08f-f193714db997','2026-11-30 22:19:25.847294','2026-11-30 22:19:25.867000','allow-listing','["phase:quick-wins", "job:allow-listing"]','{}','3383c08b-3803-4dba-a50f-6fb1dd698b85','Makes a plan by which **integrations and administrators come from the policy''s n',NULL,'{}',NULL,'037a22360d7a3ed9ba7a74238653d2c8','{}',NULL,'flows.allow_listing.allow_listing',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','fe14ed9f-d577-4f8d-9c69-580329a8eced','{"prefect.flow.id": "3383c08b-3803-4dba-a50f-6fb1dd698b85"}',NULL);
INSERT INTO "deployment" VALUES('be110081-29cb-457f-b0f0-63c248bcfff2','2026-11-30 22:19:26.019186','2026-11-30 22:19:26.033000','advanced','["phase:advanced", "job:all"]','{}','ee5ac04a-411b-4a0c-ad7e-8ae7ade35661','Phase 3 of 4, months 2 and 3. Makes **the plans of the advanced controls, one af',NULL,'{}',NULL,'929b2d1086d28af255d9dc601f8bee01','{}',NULL,'flows.advanced.advanced',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','d7299aa8-2d06-469d-950d-35a0dc94970a','{"prefect.flow.id": "ee5ac04a-411b-4a0c-ad7e-8ae7ade35661"}',NULL);
INSERT INTO "deployment" VALUES('8f0f0ec8-741a-4d31-b077-974c14d473b9','2026-11-30 22:19:26.176105','2026-11-30 22:19:26.208000','continuous-quarterly','["phase:continuous", "job:all", "scheduled"]','{"although_open": true}','cd62c6e5-4cc1-4238-8297-3cc9aec0bc34','Phase 4 of 4, without an end. Goes through **what keeps the estate as it was har',NULL,'{}',NULL,'895e8556972788097b33af6cf7e3fee3','{}',NULL,'flows.ongoing.continuous',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','45004230-0858-4ede-ab8a-355d6b93add5','{"prefect.flow.id": "cd62c6e5-4cc1-4238-8297-3cc9aec0bc34"}',NULL);
INSERT INTO "deployment" VALUES('746ab343-d733-4475-8960-b15d4913ac0c','2026-11-30 22:19:26.387030','2026-11-30 22:19:26.421000','watch-drift-every-5-minutes','["phase:continuous", "job:drift", "frequent", "scheduled"]','{}','13a1bb8c-80eb-41ee-a547-9d9e799e4bdb','Reads again **what applied plans hardened**, and tells what somebody has undone ',NULL,'{}',NULL,'15882d55330fcfa0fe39d2f1ba40243b','{}',NULL,'flows.drift.watch_drift',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "CANCEL_NEW", "grace_period_seconds": 120}','66b94073-e3e2-4753-916e-fdcf9ba3e3d6','{"prefect.flow.id": "13a1bb8c-80eb-41ee-a547-9d9e799e4bdb"}',NULL);
INSERT INTO "deployment" VALUES('1bccd411-61b3-44da-b2c5-2c88015653ce','2026-11-30 22:19:26.595084','2026-11-30 22:19:26.609000','mutual-tls','["phase:advanced", "job:mutual-tls"]','{}','b9ebd691-522f-4874-80cc-4de83b55eb77','Makes a plan with **the next step of each route towards its own client certifica',NULL,'{}',NULL,'c30f81b3f299266c7c6747541db9a45b','{}',NULL,'flows.mutual_tls.mutual_tls',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','df171def-2163-4c05-bdb9-0ed617f07fa1','{"prefect.flow.id": "b9ebd691-522f-4874-80cc-4de83b55eb77"}',NULL);
INSERT INTO "deployment" VALUES('23761862-2f91-4fa9-bf33-6765cb05f783','2026-11-30 22:19:26.751617','2026-11-30 22:19:26.789000','check-certificates-daily','["phase:continuous", "job:mutual-tls", "scheduled"]','{}','d1cdcdfc-dcd4-4179-bfc3-97a9b9ab4780','Looks at **every client certificate**: listed in orgs, held by orgs, and in secr',NULL,'{}',NULL,'6d4062f8a24a3d2ef33ecddf00f89b08','{}',NULL,'flows.certificates.check_certificates',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "CANCEL_NEW", "grace_period_seconds": 120}','54a53ba0-e600-49e8-8538-097685720e5d','{"prefect.flow.id": "d1cdcdfc-dcd4-4179-bfc3-97a9b9ab4780"}',NULL);
INSERT INTO "deployment" VALUES('93a730a2-2156-4a86-acf1-13fd44647648','2026-11-30 22:19:26.924522','2026-11-30 22:19:26.937000','prove-mutual-tls','["phase:advanced", "job:mutual-tls"]','{}','c746fbd8-02d6-42ea-acbf-27de38a00f76','**Tries every way in** as the user of each route, with real handshakes on ports ',NULL,'{}',NULL,'67375785e0bcf2222da1482bbb90a8b9','{}',NULL,'flows.handshakes.prove_mutual_tls',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','b32dedc6-30c4-4ebb-ab9b-00791bcf0691','{"prefect.flow.id": "c746fbd8-02d6-42ea-acbf-27de38a00f76"}',NULL);
INSERT INTO "deployment" VALUES('5b9802e9-6192-4e2f-a4ce-1d13525e9c61','2026-11-30 22:19:27.074746','2026-11-30 22:19:27.117000','rotate-credentials-hourly','["phase:continuous", "job:rotation", "scheduled"]','{}','0c69715e-576c-4dc1-a458-cb637418f9b5','Goes on with **every registered credential**: makes the next one when it is old ',NULL,'{}',NULL,'04948ed83aad5d7e3f73e9366d0d3bee','{}',NULL,'flows.rotation.rotate_credentials',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','96d20521-50de-4d45-bd8d-8fdf5c15bb0b','{"prefect.flow.id": "0c69715e-576c-4dc1-a458-cb637418f9b5"}',NULL);
INSERT INTO "deployment" VALUES('53c6a5bf-b213-40a8-acdb-3e519ecc068e','2026-11-30 22:19:27.276709','2026-11-30 22:19:27.290000','credential-rotation','["phase:quick-wins", "job:rotation"]','{}','5509fe2c-88f3-4783-bf38-fd126a74bd87','Makes a plan that rotates credentials **now**. It changes nothing.

* Next: **ap',NULL,'{}',NULL,'04948ed83aad5d7e3f73e9366d0d3bee','{}',NULL,'flows.rotation.credential_rotation',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','e2ac11a0-e1ca-44e8-8db4-12ff7c89b913','{"prefect.flow.id": "5509fe2c-88f3-4783-bf38-fd126a74bd87"}',NULL);
INSERT INTO "deployment" VALUES('7eb309c3-1805-44d6-a1df-e4dc393c1746','2026-11-30 22:19:27.458106','2026-11-30 22:19:27.472000','sync-route','["phase:advanced", "job:sync"]','{}','ecf11873-7fb0-486b-bfcb-a688bf77bcd7','Carries the **changed records of one route** from its source org to its target o',NULL,'{}',NULL,'622f7b462c4cbed564013444266ea847','{}',NULL,'flows.sync.sync_route',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',8,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','7871c856-93c8-430f-bb93-65a25d42619e','{"prefect.flow.id": "ecf11873-7fb0-486b-bfcb-a688bf77bcd7"}',NULL);
INSERT INTO "deployment" VALUES('6165b34b-a75f-475e-b478-b1e79cff382c','2026-11-30 22:19:27.625440','2026-11-30 22:19:27.644000','rotate-data-keys','["phase:advanced", "job:sync"]','{}','a9bf61a6-058c-49e2-83a4-22f72be6ccaf','Gives a route **a new data key** and seals all of its values in the target org a',NULL,'{}',NULL,'380aacb96e1ff5693df0ca4d35b60798','{}',NULL,'flows.data_keys.rotate_data_keys',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','6fbb5e6f-8242-4454-a20c-52b4acc93370','{"prefect.flow.id": "a9bf61a6-058c-49e2-83a4-22f72be6ccaf"}',NULL);
INSERT INTO "deployment" VALUES('13dde4ba-e55d-4cab-9915-38d53f195987','2026-11-30 22:19:27.784537','2026-11-30 22:19:27.799000','retire-data-keys','["phase:advanced", "job:sync"]','{}','1deaaf5f-8806-4a9c-a45c-fd8151b86a79','Makes a plan that **destroys old data keys of a route** which no value in the ta',NULL,'{}',NULL,'380aacb96e1ff5693df0ca4d35b60798','{}',NULL,'flows.data_keys.retire_data_keys',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','0a622f86-1a40-4063-8d65-4c82ccd2c189','{"prefect.flow.id": "1deaaf5f-8806-4a9c-a45c-fd8151b86a79"}',NULL);
INSERT INTO "deployment" VALUES('bd1ce756-0ca7-4e3b-b1dc-3d2553dfac74','2026-11-30 22:19:27.929981','2026-11-30 22:19:27.943000','collect-telemetry','["phase:continuous", "job:telemetry"]','{}','9a677c55-bbd4-45ba-a428-03bfda461cf4','Collects **what happened in the orgs**, so that detection has something to judge',NULL,'{}',NULL,'acae43327d1b14330cd670bd5d766eed','{}',NULL,'flows.telemetry.collect_telemetry',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','fbcb9f70-b437-42fb-964e-2a45cfb8f2fe','{"prefect.flow.id": "9a677c55-bbd4-45ba-a428-03bfda461cf4"}',NULL);
INSERT INTO "deployment" VALUES('b65e84eb-c9ce-4636-b2d8-fa361c42c0a5','2026-11-30 22:19:28.131066','2026-11-30 22:19:28.163000','detect-anomalies-every-5-minutes','["phase:continuous", "job:detection", "frequent", "scheduled"]','{"tiers": "live"}','3fc67557-8713-4c0d-8a13-18eb83cab0f2','Reads what happened in the orgs and **judges it**: who is not who they were, who',NULL,'{}',NULL,'532c21d988128fa378dd1c8f1ce1f805','{}',NULL,'flows.detection.detect_anomalies',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "CANCEL_NEW", "grace_period_seconds": 120}','9c7fd8e5-0cc6-4e1f-a547-e6c35b4e6047','{"prefect.flow.id": "3fc67557-8713-4c0d-8a13-18eb83cab0f2"}',NULL);
INSERT INTO "deployment" VALUES('95bf9051-a420-4d79-b8ee-feaf9e81485f','2026-11-30 22:19:28.320307','2026-11-30 22:19:28.352000','detect-anomalies-files-hourly','["phase:continuous", "job:detection", "scheduled"]','{"tiers": "files"}','3fc67557-8713-4c0d-8a13-18eb83cab0f2','Reads what happened in the orgs and **judges it**: who is not who they were, who',NULL,'{}',NULL,'532c21d988128fa378dd1c8f1ce1f805','{}',NULL,'flows.detection.detect_anomalies',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','ca0467d0-42e3-4cb8-b544-8821d0ef8613','{"prefect.flow.id": "3fc67557-8713-4c0d-8a13-18eb83cab0f2"}',NULL);
INSERT INTO "deployment" VALUES('099b2915-4e89-4d54-8b44-56e2d04693e8','2026-11-30 22:19:28.498252','2026-11-30 22:19:28.515000','back-test','["phase:continuous", "job:detection"]','{}','218884e5-eb5f-49df-b8a8-df6dd224da7e','Asks detections about **days that are over**, before a changed rule goes live: w',NULL,'{}',NULL,'532c21d988128fa378dd1c8f1ce1f805','{}',NULL,'flows.detection.back_test',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','e41d8bb6-98ff-4d8b-af79-7ec8aab1a878','{"prefect.flow.id": "218884e5-eb5f-49df-b8a8-df6dd224da7e"}',NULL);
INSERT INTO "deployment" VALUES('166d4e2c-0c57-405e-9e80-9f56551abbb9','2026-11-30 22:19:28.653692','2026-11-30 22:19:28.667000','judge-alert','["phase:continuous", "job:detection"]','{}','498b4ef3-1452-46bb-9924-217b0a8c4199','Says **what an alert of detection was**. A false alarm ends it and makes the nex',NULL,'{}',NULL,'532c21d988128fa378dd1c8f1ce1f805','{}',NULL,'flows.detection.judge_alert',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','6ea5cf0c-74a6-44ca-8ada-01dd8ca0fa17','{"prefect.flow.id": "498b4ef3-1452-46bb-9924-217b0a8c4199"}',NULL);
INSERT INTO "deployment" VALUES('6ced169a-163c-4e12-9be0-f3f960f3dd03','2026-11-30 22:19:28.809182','2026-11-30 22:19:28.842000','back-up-orgs-daily','["phase:continuous", "job:backups", "scheduled"]','{}','75777701-3f51-402e-bfb0-d810f2d54420','Backs up orgs: **records by Bulk API 2.0, what is in files, components by retrie',NULL,'{}',NULL,'43e6b20f4979214390373e74d56936c8','{}',NULL,'flows.backups.back_up_orgs',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','b792e30d-04e3-4408-b3ea-2d3e797d5882','{"prefect.flow.id": "75777701-3f51-402e-bfb0-d810f2d54420"}',NULL);
INSERT INTO "deployment" VALUES('9a5b97b5-f0b4-4531-a791-83fc449e0cf3','2026-11-30 22:19:28.983848','2026-11-30 22:19:29.016000','verify-backups-weekly','["phase:continuous", "job:backups", "scheduled"]','{}','bab0d736-dda6-4d96-a139-1719047a7cba','Checks backups **where they lie**: signatures, the chain that each org''s ledger ',NULL,'{}',NULL,'43e6b20f4979214390373e74d56936c8','{}',NULL,'flows.backups.verify_backups',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','d2b54554-92be-4a2f-b8c2-6d799ee708a4','{"prefect.flow.id": "bab0d736-dda6-4d96-a139-1719047a7cba"}',NULL);
INSERT INTO "deployment" VALUES('4da22da5-1ff5-49d5-88e8-47bcd515192e','2026-11-30 22:19:29.159136','2026-11-30 22:19:29.172000','restore-drill','["phase:advanced", "job:backups"]','{}','f82aa792-9c52-4ef8-aa68-050f431ca6c5','Makes a plan that restores an org''s backup **into a sandbox**, compares it row b',NULL,'{}',NULL,'04ea0d6dc5ddce025ab446ebf9e05121','{}',NULL,'flows.drills.restore_drill',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','5989822f-e526-4346-b405-6a45c5f82212','{"prefect.flow.id": "f82aa792-9c52-4ef8-aa68-050f431ca6c5"}',NULL);
INSERT INTO "deployment" VALUES('6474fb64-c8d5-4873-b54f-6e8434239e0f','2026-11-30 22:19:29.308260','2026-11-30 22:19:29.342000','key-loss-drill-monthly','["phase:continuous", "job:backups", "scheduled"]','{}','7fd61cd9-edf8-43bc-98ca-a7b8321d3b2a','Shows for every KMS key **what of the backups nobody could read without it**, an',NULL,'{}',NULL,'04ea0d6dc5ddce025ab446ebf9e05121','{}',NULL,'flows.drills.key_loss_drill',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','de192cbc-8dd7-4096-86ed-52ce2394cc73','{"prefect.flow.id": "7fd61cd9-edf8-43bc-98ca-a7b8321d3b2a"}',NULL);
INSERT INTO "deployment" VALUES('9c93c7fb-7ab4-4195-8a2b-eeb7cb1e7502','2026-11-30 22:19:29.483046','2026-11-30 22:19:29.497000','mask-sandbox','["phase:advanced", "job:masking"]','{}','9d926393-a319-493e-b4a1-937c7c09b664','Makes a plan that puts **made-up people in the place of real ones** in a sandbox',NULL,'{}',NULL,'e9d06b7c80a3517d1cd8d8270b45fde7','{}',NULL,'flows.masking.mask_sandbox',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','794cb50a-1eaf-4bac-82a2-593df812396a','{"prefect.flow.id": "9d926393-a319-493e-b4a1-937c7c09b664"}',NULL);
INSERT INTO "deployment" VALUES('23060ade-655d-4dfc-909a-0d088aba0ca9','2026-11-30 22:19:29.646001','2026-11-30 22:19:29.659000','scan-sandbox','["phase:advanced", "job:masking"]','{}','2916a848-f694-4c19-b0d1-ab6022c4c664','Looks at **every text of every record of a sandbox** for data of real people. It',NULL,'{}',NULL,'e9d06b7c80a3517d1cd8d8270b45fde7','{}',NULL,'flows.masking.scan_sandbox',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','c686a10a-9c9e-4b95-a3cb-4368f4bf9364','{"prefect.flow.id": "2916a848-f694-4c19-b0d1-ab6022c4c664"}',NULL);
INSERT INTO "deployment" VALUES('f62f1791-1ca4-4c27-bf33-c41c9e9f62a9','2026-11-30 22:19:29.808588','2026-11-30 22:19:29.824000','plan-encryption','["phase:advanced", "job:encryption"]','{}','afce4706-b7b1-49c6-9a90-9385980d8078','Makes a plan that **encrypts sensitive fields** under Shield Platform Encryption',NULL,'{}',NULL,'c47b5a6a1097e48810e669b6a9dac1a0','{}',NULL,'flows.encryption.plan_encryption',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','1164fc08-3938-4b49-800a-42fb4328042c','{"prefect.flow.id": "afce4706-b7b1-49c6-9a90-9385980d8078"}',NULL);
INSERT INTO "deployment" VALUES('414f9967-6028-476f-b0dc-8d92d9772a6b','2026-11-30 22:19:29.961557','2026-11-30 22:19:29.975000','verify-encryption','["phase:advanced", "job:encryption"]','{}','83c1b2a6-21bd-4628-b9ee-f7ef36b1c132','Asks an org **what it refuses on its encrypted fields**, and names the callers t',NULL,'{}',NULL,'c47b5a6a1097e48810e669b6a9dac1a0','{}',NULL,'flows.encryption.verify_encryption',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','4decc1a3-9fed-4684-9478-727c1aadefd6','{"prefect.flow.id": "83c1b2a6-21bd-4628-b9ee-f7ef36b1c132"}',NULL);
INSERT INTO "deployment" VALUES('3e1704de-331e-4d5a-bcee-4f397e9ae4e9','2026-11-30 22:19:30.108950','2026-11-30 22:19:30.129000','rotate-tenant-secrets','["phase:advanced", "job:encryption"]','{}','87db9c42-d724-4df3-a8f0-5f10e0c3dce1','Makes a plan that gives **old tenant secrets** way to new ones. It changes no or',NULL,'{}',NULL,'c47b5a6a1097e48810e669b6a9dac1a0','{}',NULL,'flows.encryption.rotate_tenant_secrets',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','bcb8f251-d78e-4e4e-8c51-16362411640d','{"prefect.flow.id": "87db9c42-d724-4df3-a8f0-5f10e0c3dce1"}',NULL);
INSERT INTO "deployment" VALUES('bdf0662b-5638-4c0c-918f-d8e3cea1f799','2026-11-30 22:19:30.269929','2026-11-30 22:19:30.292000','export-tenant-secret','["phase:advanced", "job:encryption"]','{}','e5ea3d53-1b57-4470-bce0-8eaf4dcffd0d','Writes **one tenant secret, encrypted as the org gives it**, to a file on this m',NULL,'{}',NULL,'c47b5a6a1097e48810e669b6a9dac1a0','{}',NULL,'flows.encryption.export_tenant_secret',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','06813526-ee5f-4af3-b55a-2afd71a5f6ce','{"prefect.flow.id": "e5ea3d53-1b57-4470-bce0-8eaf4dcffd0d"}',NULL);
INSERT INTO "deployment" VALUES('292d5fde-258f-4f35-90e8-3db472a8f9ab','2026-11-30 22:19:30.450518','2026-11-30 22:19:30.463000','destroy-tenant-secret','["phase:advanced", "job:encryption"]','{}','080bd934-4d5a-44ac-b338-2daeab6025e2','Makes a plan that **destroys one archived tenant secret**. What is still encrypt',NULL,'{}',NULL,'c47b5a6a1097e48810e669b6a9dac1a0','{}',NULL,'flows.encryption.destroy_tenant_secret',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','8c3fbc68-6aa8-4c2b-a687-bc6ee226bf87','{"prefect.flow.id": "080bd934-4d5a-44ac-b338-2daeab6025e2"}',NULL);
INSERT INTO "deployment" VALUES('92da590d-50ba-4b96-832b-b1a3ad0c41cb','2026-11-30 22:19:30.604097','2026-11-30 22:19:30.617000','prepare-own-key','["phase:advanced", "job:encryption"]','{}','352ace76-b2c1-4859-9952-2dc17fef2788','Makes **key material of your own** and wraps it for one org, ready for upload. I',NULL,'{}',NULL,'c47b5a6a1097e48810e669b6a9dac1a0','{}',NULL,'flows.encryption.prepare_own_key',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','5d381ac0-1465-45d0-9946-11443ef2dc63','{"prefect.flow.id": "352ace76-b2c1-4859-9952-2dc17fef2788"}',NULL);
INSERT INTO "deployment" VALUES('3f7d78ab-8ad2-431c-b5c7-bd50f855e3cd','2026-11-30 22:19:30.760516','2026-11-30 22:19:30.773000','prepare-sandbox','["phase:advanced", "job:masking"]','{}','ede544fc-494b-4fba-ad36-0422eeb2c76b','Drafts what a copy of production needs **before anything is carried into it**. I',NULL,'{}',NULL,'79c9042c68701c8ec47877dbbe78a08a','{}',NULL,'flows.sandboxes.prepare_sandbox',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','3916d29a-a576-49bc-8649-4ab3193f81fe','{"prefect.flow.id": "ede544fc-494b-4fba-ad36-0422eeb2c76b"}',NULL);
INSERT INTO "deployment" VALUES('f48ecaac-4e0c-4a8b-a437-79f892735e7d','2026-11-30 22:19:30.913562','2026-11-30 22:19:30.927000','copied-credentials','["phase:advanced", "job:masking"]','{}','f23c0b01-e07f-48a8-a41e-2843525e586f','Makes a plan that ends **what a copy of production can sign in with**. It change',NULL,'{}',NULL,'79c9042c68701c8ec47877dbbe78a08a','{}',NULL,'flows.sandboxes.copied_credentials',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','fd7a7cde-5a34-4f9e-aff7-f288ce4727e4','{"prefect.flow.id": "f23c0b01-e07f-48a8-a41e-2843525e586f"}',NULL);
INSERT INTO "deployment" VALUES('cb2e7d4d-b9a6-4b2a-b10d-f25b6401a79e','2026-11-30 22:19:31.061452','2026-11-30 22:19:31.093000','watch-sandboxes-daily','["phase:continuous", "job:masking", "scheduled"]','{}','8b09efb8-b7ea-475f-a84e-44e719640db9','Looks every day **whether a sandbox was made or refreshed**: a copy of productio',NULL,'{}',NULL,'79c9042c68701c8ec47877dbbe78a08a','{}',NULL,'flows.sandboxes.watch_sandboxes',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "CANCEL_NEW", "grace_period_seconds": 120}','7b0ae0b7-9eb1-457a-87e0-c0ab07b42082','{"prefect.flow.id": "8b09efb8-b7ea-475f-a84e-44e719640db9"}',NULL);
INSERT INTO "deployment" VALUES('05eb30a1-100d-4d77-9668-6ada300a19f8','2026-11-30 22:19:31.278017','2026-11-30 22:19:31.291000','contain','["phase:continuous", "job:response"]','{}','fbee0036-a1f7-4b1c-a541-496ccd6a85f6','Contains **one actor**: ends its sessions and tokens, freezes the user, takes it',NULL,'{}',NULL,'d87ca2c4ae56f5a4c99e46fa5ffaf2e4','{}',NULL,'flows.response.contain',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',8,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','cd79df5e-9cb5-465f-8e45-1de835141efc','{"prefect.flow.id": "fbee0036-a1f7-4b1c-a541-496ccd6a85f6"}',NULL);
INSERT INTO "deployment" VALUES('145eb079-0acd-47e2-8505-646292b35fbb','2026-11-30 22:19:31.451341','2026-11-30 22:19:31.464000','approve-containment','["phase:continuous", "job:response"]','{}','c65844f9-34a0-48dd-aec4-61d003b03e37','Notes **your yes to the steps of a containment that wait**, and takes them once ',NULL,'{}',NULL,'d87ca2c4ae56f5a4c99e46fa5ffaf2e4','{}',NULL,'flows.response.approve_containment',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','f1086f45-3398-4624-afda-c54fc25a26bf','{"prefect.flow.id": "c65844f9-34a0-48dd-aec4-61d003b03e37"}',NULL);
INSERT INTO "deployment" VALUES('e3b4df2c-65f9-4939-80b8-c007587f4459','2026-11-30 22:19:31.596577','2026-11-30 22:19:31.609000','re-enable','["phase:continuous", "job:response"]','{}','e4a92bd8-99be-4884-b36d-cbff0629bb6f','Gives back **exactly what a containment took**, from the state that the ledger h',NULL,'{}',NULL,'d87ca2c4ae56f5a4c99e46fa5ffaf2e4','{}',NULL,'flows.response.re_enable',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','358eb5d7-8550-4bc1-b309-b6bd3be6d297','{"prefect.flow.id": "e4a92bd8-99be-4884-b36d-cbff0629bb6f"}',NULL);
INSERT INTO "deployment" VALUES('e9435360-d309-401d-83f5-1548e2e1252a','2026-11-30 22:19:31.733559','2026-11-30 22:19:31.750000','transaction-policies','["phase:advanced", "job:response"]','{}','37b03cd4-158d-48d1-83a9-407ef19f4da1','Makes a plan of **transaction security policies**: an org with Event Monitoring ',NULL,'{}',NULL,'7f927e15a88355fad7e4092147780190','{}',NULL,'flows.prevention.transaction_policies',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','b6763b13-8ed1-467b-b753-1444f19505de','{"prefect.flow.id": "37b03cd4-158d-48d1-83a9-407ef19f4da1"}',NULL);
INSERT INTO "deployment" VALUES('e30fab9d-291d-4f5a-b669-21dd11ad0698','2026-11-30 22:19:31.951785','2026-11-30 22:19:31.980000','incident','["phase:continuous", "job:response"]','{}','fa837ec6-731d-4f33-839a-281338ae8ac2','Plays **the incident playbook**: contain, collect, notify, eradicate, recover, r',NULL,'{}',NULL,'506cc60192ea22c42f5cdb7dad05855c','{}',NULL,'flows.incident.incident',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',8,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','0b2700e0-86a9-4773-b8fa-42a08a18320a','{"prefect.flow.id": "fa837ec6-731d-4f33-839a-281338ae8ac2"}',NULL);
INSERT INTO "deployment" VALUES('42d1697f-d197-42d8-822a-021ebd09812e','2026-11-30 22:19:32.163819','2026-11-30 22:19:32.196000','rehearsal','["phase:continuous", "job:rehearsal", "scheduled"]','{}','d5e07cd9-5b0e-494e-8554-16a24ee1fac5','Plays **attacks that others have suffered** on a sandbox, and says of each where',NULL,'{}',NULL,'6fbf5eaac488df17976d0e9054513b45','{}',NULL,'flows.rehearsal.rehearsal',NULL,NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','[]',1,NULL,0,'NOT_READY',1,'{"collision_strategy": "ENQUEUE", "grace_period_seconds": 600}','6c0a34e1-253d-4072-a4d0-a1dbad009cfc','{"prefect.flow.id": "d5e07cd9-5b0e-494e-8554-16a24ee1fac5"}',NULL);
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
INSERT INTO "deployment_schedule" VALUES('d4b1d378-71eb-4704-afd8-8ae578e4d5d8','2026-11-30 22:19:16.131502','2026-11-30 22:19:16.131511','{"cron": "0 3 * * 1", "timezone": "UTC", "day_or": true}',1,'635bb4d0-f5c6-47d6-ad6e-9784fb4c941c',NULL,'{}','weekly');
INSERT INTO "deployment_schedule" VALUES('761ddb33-2299-4f5d-a875-cca08b089214','2026-11-30 22:19:19.670306','2026-11-30 22:19:19.670314','{"cron": "20 * * * *", "timezone": "UTC", "day_or": true}',1,'7c488c14-3fa2-43ea-825c-028d9c08f63f',NULL,'{}','hourly');
INSERT INTO "deployment_schedule" VALUES('d7536fce-6159-48ac-8569-24677842d995','2026-11-30 22:19:19.876121','2026-11-30 22:19:19.876130','{"cron": "* * * * *", "timezone": "UTC", "day_or": true}',1,'34c2c29e-0f3b-49ee-951b-7f977a2bfaa7',NULL,'{}','every-minute');
INSERT INTO "deployment_schedule" VALUES('e03a7437-f2f2-4ddf-a3bc-9c00b095f41b','2026-11-30 22:19:20.113271','2026-11-30 22:19:20.113280','{"cron": "40 4 * * *", "timezone": "UTC", "day_or": true}',1,'82cd22a1-26fc-41a4-9af9-30edfdc0a9ad',NULL,'{}','daily');
INSERT INTO "deployment_schedule" VALUES('89598ce3-149d-459c-a77a-c996c7bfe80d','2026-11-30 22:19:20.311417','2026-11-30 22:19:20.311425','{"cron": "0 5 2 1,4,7,10 *", "timezone": "UTC", "day_or": true}',1,'44a5f608-a8f4-4bdd-883d-9e0422500a64',NULL,'{}','quarterly');
INSERT INTO "deployment_schedule" VALUES('85b29428-54ca-4806-bda6-79d04451fc34','2026-11-30 22:19:20.535916','2026-11-30 22:19:20.535926','{"cron": "50 6 * * *", "timezone": "UTC", "day_or": true}',1,'fdc29adb-9b98-4069-9a51-a7993eb2e4cc',NULL,'{}','daily');
INSERT INTO "deployment_schedule" VALUES('32e7e3e4-ef96-45d3-b18d-40d125aed41d','2026-11-30 22:19:20.714639','2026-11-30 22:19:20.714648','{"cron": "20 7 * * *", "timezone": "UTC", "day_or": true}',1,'efb9780f-472d-4e40-ab0a-9ec3eb28341e',NULL,'{}','daily');
INSERT INTO "deployment_schedule" VALUES('aa734ba8-01d6-460f-a78b-d89520bfc875','2026-11-30 22:19:21.519236','2026-11-30 22:19:21.519245','{"cron": "* * * * *", "timezone": "UTC", "day_or": true}',1,'a7be9efa-9871-483b-9ac1-9f1cdd54810b',NULL,'{}','every-minute');
INSERT INTO "deployment_schedule" VALUES('18615fa3-b289-4145-b532-01d60175bd4f','2026-11-30 22:19:21.732544','2026-11-30 22:19:21.732552','{"cron": "40 9 * * *", "timezone": "UTC", "day_or": true}',1,'2f1901d4-5d38-4ab9-af20-2fe92499439f',NULL,'{}','daily');
INSERT INTO "deployment_schedule" VALUES('0d3b0d7d-ac5b-483b-99ac-3bdcf55e2b40','2026-11-30 22:19:21.917271','2026-11-30 22:19:21.917280','{"cron": "*/10 * * * *", "timezone": "UTC", "day_or": true}',1,'04fc33f9-67e5-468f-8472-98b1cfc7bc16',NULL,'{}','every-10-minutes');
INSERT INTO "deployment_schedule" VALUES('982e7c36-fd5d-4f42-8579-01d38f8b324c','2026-11-30 22:19:22.122714','2026-11-30 22:19:22.122722','{"cron": "2-59/5 * * * *", "timezone": "UTC", "day_or": true}',1,'39961bd8-5e85-45ec-995d-a41712914549',NULL,'{}','every-5-minutes');
INSERT INTO "deployment_schedule" VALUES('0ad3ef36-82bb-4cd5-8ffb-80f492241d30','2026-11-30 22:19:24.507912','2026-11-30 22:19:24.507921','{"cron": "50 * * * *", "timezone": "UTC", "day_or": true}',1,'4dea04ee-0072-4b42-9e4c-61f7f312c5ce',NULL,'{}','hourly');
INSERT INTO "deployment_schedule" VALUES('7f0046f8-538a-4958-8263-ce0877af3366','2026-11-30 22:19:25.004811','2026-11-30 22:19:25.004820','{"cron": "4-59/5 * * * *", "timezone": "UTC", "day_or": true}',1,'dc405599-cdf3-41de-b9b3-b4a2f89ee5d2',NULL,'{}','every-5-minutes');
INSERT INTO "deployment_schedule" VALUES('899b52f8-5d14-46a0-b275-b4ba9a470e43','2026-11-30 22:19:25.674782','2026-11-30 22:19:25.674790','{"cron": "30 6 * * 1", "timezone": "UTC", "day_or": true}',1,'f9616a85-69d1-4135-ba91-84d5ef8e70d1',NULL,'{}','weekly');
INSERT INTO "deployment_schedule" VALUES('d00a5a4e-3462-4816-9fba-47ef000e131a','2026-11-30 22:19:26.190221','2026-11-30 22:19:26.190230','{"cron": "30 4 1 1,4,7,10 *", "timezone": "UTC", "day_or": true}',1,'8f0f0ec8-741a-4d31-b077-974c14d473b9',NULL,'{}','quarterly');
INSERT INTO "deployment_schedule" VALUES('02c49911-a7bc-4f74-9fb0-c4c77c80c1c9','2026-11-30 22:19:26.403480','2026-11-30 22:19:26.403489','{"cron": "1-59/5 * * * *", "timezone": "UTC", "day_or": true}',1,'746ab343-d733-4475-8960-b15d4913ac0c',NULL,'{}','every-5-minutes');
INSERT INTO "deployment_schedule" VALUES('384f780c-cd99-4d9e-a24b-6556602a99ea','2026-11-30 22:19:26.771464','2026-11-30 22:19:26.771473','{"cron": "30 4 * * *", "timezone": "UTC", "day_or": true}',1,'23761862-2f91-4fa9-bf33-6765cb05f783',NULL,'{}','daily');
INSERT INTO "deployment_schedule" VALUES('d9d4400c-0446-40a9-a4ea-c4a2749b916f','2026-11-30 22:19:27.097331','2026-11-30 22:19:27.097342','{"cron": "35 * * * *", "timezone": "UTC", "day_or": true}',1,'5b9802e9-6192-4e2f-a4ce-1d13525e9c61',NULL,'{}','hourly');
INSERT INTO "deployment_schedule" VALUES('0e23d283-4ab5-44e3-84ba-f291f471f32e','2026-11-30 22:19:28.145290','2026-11-30 22:19:28.145299','{"cron": "*/5 * * * *", "timezone": "UTC", "day_or": true}',1,'b65e84eb-c9ce-4636-b2d8-fa361c42c0a5',NULL,'{}','five-minutes');
INSERT INTO "deployment_schedule" VALUES('c0ec17b4-b69f-4652-9f01-f407ae1fffd1','2026-11-30 22:19:28.334254','2026-11-30 22:19:28.334263','{"cron": "20 * * * *", "timezone": "UTC", "day_or": true}',1,'95bf9051-a420-4d79-b8ee-feaf9e81485f',NULL,'{}','hourly');
INSERT INTO "deployment_schedule" VALUES('3cc85233-79ab-4ad0-a5d0-abd561155ad7','2026-11-30 22:19:28.824373','2026-11-30 22:19:28.824383','{"cron": "15 2 * * *", "timezone": "UTC", "day_or": true}',1,'6ced169a-163c-4e12-9be0-f3f960f3dd03',NULL,'{}','daily');
INSERT INTO "deployment_schedule" VALUES('bb124455-3ada-4e28-964a-8720cfea5f33','2026-11-30 22:19:28.997843','2026-11-30 22:19:28.997852','{"cron": "45 5 * * 0", "timezone": "UTC", "day_or": true}',1,'9a5b97b5-f0b4-4531-a791-83fc449e0cf3',NULL,'{}','weekly');
INSERT INTO "deployment_schedule" VALUES('21ef75e5-a55e-4ab6-bf4b-75ef21a7736b','2026-11-30 22:19:29.324034','2026-11-30 22:19:29.324043','{"cron": "30 5 1 * *", "timezone": "UTC", "day_or": true}',1,'6474fb64-c8d5-4873-b54f-6e8434239e0f',NULL,'{}','monthly');
INSERT INTO "deployment_schedule" VALUES('8075f63a-034c-4257-8070-69576b8ad54e','2026-11-30 22:19:31.075829','2026-11-30 22:19:31.075838','{"cron": "10 5 * * *", "timezone": "UTC", "day_or": true}',1,'cb2e7d4d-b9a6-4b2a-b10d-f25b6401a79e',NULL,'{}','daily');
INSERT INTO "deployment_schedule" VALUES('24c07758-a782-418b-b415-a52cb35f4edc','2026-11-30 22:19:32.178357','2026-11-30 22:19:32.178367','{"cron": "0 6 15 1 *", "timezone": "UTC", "day_or": true}',1,'42d1697f-d197-42d8-822a-021ebd09812e',NULL,'{}','yearly');
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
INSERT INTO "flow" VALUES('482457f5-d26d-44f6-bb4e-1406c27d4f48','2026-11-30 22:19:15.901187','2026-11-30 22:19:15.901195','zero-trust','[]','{}');
INSERT INTO "flow" VALUES('b7a24d0b-a839-46c4-85f9-eb098ca600fd','2026-11-30 22:19:16.088357','2026-11-30 22:19:16.088363','assessment','[]','{}');
INSERT INTO "flow" VALUES('661d0474-9c9c-4254-be3f-6a3f3cd6ab6b','2026-11-30 22:19:16.269546','2026-11-30 22:19:16.269553','quick-wins','[]','{}');
INSERT INTO "flow" VALUES('d5eb7965-9ba4-4463-b5a9-7dc4bc6fc410','2026-11-30 22:19:16.431209','2026-11-30 22:19:16.431216','least-privilege','[]','{}');
INSERT INTO "flow" VALUES('ab1088b3-d32a-48e1-bcb4-163156eda4eb','2026-11-30 22:19:16.575269','2026-11-30 22:19:16.575276','second-factors','[]','{}');
INSERT INTO "flow" VALUES('80ad3ce7-a070-43f4-99db-648e9634e7d1','2026-11-30 22:19:16.719281','2026-11-30 22:19:16.719288','oauth-flows','[]','{}');
INSERT INTO "flow" VALUES('237975ad-575f-43bc-ad6c-f02c28f1a54d','2026-11-30 22:19:16.882024','2026-11-30 22:19:16.882031','approve-plan','[]','{}');
INSERT INTO "flow" VALUES('e3ecd69f-e6be-4b1a-9b87-23a7d7218f85','2026-11-30 22:19:17.035430','2026-11-30 22:19:17.035439','apply-plan','[]','{}');
INSERT INTO "flow" VALUES('2c5232ff-5e03-44b0-833d-95975975a6cc','2026-11-30 22:19:17.201211','2026-11-30 22:19:17.201220','rollback-plan','[]','{}');
INSERT INTO "flow" VALUES('23095284-a675-4955-9b09-8cc59a5c2832','2026-11-30 22:19:19.625172','2026-11-30 22:19:19.625183','keep-evidence','[]','{}');
INSERT INTO "flow" VALUES('7ae7fbbe-1739-47b0-b8e5-41e438b8b153','2026-11-30 22:19:19.839048','2026-11-30 22:19:19.839054','end-lost-runs','[]','{}');
INSERT INTO "flow" VALUES('7a5fbfba-e5bf-423d-828f-4957018fed90','2026-11-30 22:19:20.059859','2026-11-30 22:19:20.059868','delete-old-runs','[]','{}');
INSERT INTO "flow" VALUES('14ff4835-4539-4243-a8ce-28596752025e','2026-11-30 22:19:20.266030','2026-11-30 22:19:20.266038','quarterly-audit','[]','{}');
INSERT INTO "flow" VALUES('9fd8075d-2804-47ae-8040-2d65215af8d5','2026-11-30 22:19:20.482794','2026-11-30 22:19:20.482801','emerging-threats','[]','{}');
INSERT INTO "flow" VALUES('47a14b87-4060-4143-9772-a02569705d64','2026-11-30 22:19:20.678146','2026-11-30 22:19:20.678153','recertify-access','[]','{}');
INSERT INTO "flow" VALUES('6a72f9b5-1cb4-4d11-a4f9-0fd73a2bbd0a','2026-11-30 22:19:20.865143','2026-11-30 22:19:20.865152','answer-recertification','[]','{}');
INSERT INTO "flow" VALUES('5d0ce431-2d6a-4ed4-8a94-0a940c26c6d6','2026-11-30 22:19:21.019368','2026-11-30 22:19:21.019381','request-access','[]','{}');
INSERT INTO "flow" VALUES('bb038915-e840-4f61-a4c6-5f6e693fce71','2026-11-30 22:19:21.189024','2026-11-30 22:19:21.189033','approve-access','[]','{}');
INSERT INTO "flow" VALUES('1b3edabd-8344-40ab-9906-34e806c59715','2026-11-30 22:19:21.335498','2026-11-30 22:19:21.335506','end-access','[]','{}');
INSERT INTO "flow" VALUES('e8aaec19-0664-4127-adf8-047cfc9d02de','2026-11-30 22:19:21.482491','2026-11-30 22:19:21.482499','sweep-access','[]','{}');
INSERT INTO "flow" VALUES('0067f5a1-5ad9-44b6-a923-1f1b14bf34eb','2026-11-30 22:19:21.690789','2026-11-30 22:19:21.690795','review-access','[]','{}');
INSERT INTO "flow" VALUES('cb5e8cdf-82c0-4471-a488-fff65ebdf04d','2026-11-30 22:19:21.879025','2026-11-30 22:19:21.879033','watch-plans','[]','{}');
INSERT INTO "flow" VALUES('7df77771-7d9b-4f8f-a2be-c32afe7ebd22','2026-11-30 22:19:22.065363','2026-11-30 22:19:22.065371','heartbeat','[]','{}');
INSERT INTO "flow" VALUES('83324d51-71f7-4bcb-9493-fa3f659233e5','2026-11-30 22:19:22.285855','2026-11-30 22:19:22.285863','tell-run','[]','{}');
INSERT INTO "flow" VALUES('5065a7a8-1ae3-4e09-be45-f35bac006b4b','2026-11-30 22:19:24.471821','2026-11-30 22:19:24.471828','remind-approvals','[]','{}');
INSERT INTO "flow" VALUES('b6e491e6-90a8-4e25-898f-bdfdab219bca','2026-11-30 22:19:24.665409','2026-11-30 22:19:24.665416','list-alerts','[]','{}');
INSERT INTO "flow" VALUES('efdc2c16-e4af-489e-9add-13eba552e1e8','2026-11-30 22:19:24.809044','2026-11-30 22:19:24.809052','acknowledge-alert','[]','{}');
INSERT INTO "flow" VALUES('b60a22ee-1330-4518-b65c-71b2b31c5db6','2026-11-30 22:19:24.955847','2026-11-30 22:19:24.955854','stream-events','[]','{}');
INSERT INTO "flow" VALUES('debe15a1-74b5-4cd7-88e4-99a19991ebd3','2026-11-30 22:19:25.155520','2026-11-30 22:19:25.155529','web-firewall','[]','{}');
INSERT INTO "flow" VALUES('a7ffe958-44c4-4556-bcd2-8b178a5a9ecc','2026-11-30 22:19:25.296746','2026-11-30 22:19:25.296754','segmentation','[]','{}');
INSERT INTO "flow" VALUES('6aa0c2fe-cf52-43de-bc96-1a276a9d4d37','2026-11-30 22:19:25.443217','2026-11-30 22:19:25.443224','exposed-secrets','[]','{}');
INSERT INTO "flow" VALUES('3694021f-179b-4cce-9406-87c075576366','2026-11-30 22:19:25.624321','2026-11-30 22:19:25.624331','credential-calendar','[]','{}');
INSERT INTO "flow" VALUES('3383c08b-3803-4dba-a50f-6fb1dd698b85','2026-11-30 22:19:25.824445','2026-11-30 22:19:25.824456','allow-listing','[]','{}');
INSERT INTO "flow" VALUES('ee5ac04a-411b-4a0c-ad7e-8ae7ade35661','2026-11-30 22:19:25.992369','2026-11-30 22:19:25.992376','advanced','[]','{}');
INSERT INTO "flow" VALUES('cd62c6e5-4cc1-4238-8297-3cc9aec0bc34','2026-11-30 22:19:26.148243','2026-11-30 22:19:26.148250','continuous','[]','{}');
INSERT INTO "flow" VALUES('13a1bb8c-80eb-41ee-a547-9d9e799e4bdb','2026-11-30 22:19:26.356757','2026-11-30 22:19:26.356766','watch-drift','[]','{}');
INSERT INTO "flow" VALUES('b9ebd691-522f-4874-80cc-4de83b55eb77','2026-11-30 22:19:26.564228','2026-11-30 22:19:26.564236','mutual-tls','[]','{}');
INSERT INTO "flow" VALUES('d1cdcdfc-dcd4-4179-bfc3-97a9b9ab4780','2026-11-30 22:19:26.726860','2026-11-30 22:19:26.726868','check-certificates','[]','{}');
INSERT INTO "flow" VALUES('c746fbd8-02d6-42ea-acbf-27de38a00f76','2026-11-30 22:19:26.908489','2026-11-30 22:19:26.908496','prove-mutual-tls','[]','{}');
INSERT INTO "flow" VALUES('0c69715e-576c-4dc1-a458-cb637418f9b5','2026-11-30 22:19:27.050444','2026-11-30 22:19:27.050452','rotate-credentials','[]','{}');
INSERT INTO "flow" VALUES('5509fe2c-88f3-4783-bf38-fd126a74bd87','2026-11-30 22:19:27.247302','2026-11-30 22:19:27.247310','credential-rotation','[]','{}');
INSERT INTO "flow" VALUES('ecf11873-7fb0-486b-bfcb-a688bf77bcd7','2026-11-30 22:19:27.439840','2026-11-30 22:19:27.439848','sync-route','[]','{}');
INSERT INTO "flow" VALUES('a9bf61a6-058c-49e2-83a4-22f72be6ccaf','2026-11-30 22:19:27.600650','2026-11-30 22:19:27.600658','rotate-data-keys','[]','{}');
INSERT INTO "flow" VALUES('1deaaf5f-8806-4a9c-a45c-fd8151b86a79','2026-11-30 22:19:27.768546','2026-11-30 22:19:27.768553','retire-data-keys','[]','{}');
INSERT INTO "flow" VALUES('9a677c55-bbd4-45ba-a428-03bfda461cf4','2026-11-30 22:19:27.914173','2026-11-30 22:19:27.914180','collect-telemetry','[]','{}');
INSERT INTO "flow" VALUES('3fc67557-8713-4c0d-8a13-18eb83cab0f2','2026-11-30 22:19:28.098616','2026-11-30 22:19:28.098624','detect-anomalies','[]','{}');
INSERT INTO "flow" VALUES('218884e5-eb5f-49df-b8a8-df6dd224da7e','2026-11-30 22:19:28.481103','2026-11-30 22:19:28.481111','back-test','[]','{}');
INSERT INTO "flow" VALUES('498b4ef3-1452-46bb-9924-217b0a8c4199','2026-11-30 22:19:28.629031','2026-11-30 22:19:28.629039','judge-alert','[]','{}');
INSERT INTO "flow" VALUES('75777701-3f51-402e-bfb0-d810f2d54420','2026-11-30 22:19:28.784302','2026-11-30 22:19:28.784310','back-up-orgs','[]','{}');
INSERT INTO "flow" VALUES('bab0d736-dda6-4d96-a139-1719047a7cba','2026-11-30 22:19:28.959188','2026-11-30 22:19:28.959194','verify-backups','[]','{}');
INSERT INTO "flow" VALUES('f82aa792-9c52-4ef8-aa68-050f431ca6c5','2026-11-30 22:19:29.135730','2026-11-30 22:19:29.135737','restore-drill','[]','{}');
INSERT INTO "flow" VALUES('7fd61cd9-edf8-43bc-98ca-a7b8321d3b2a','2026-11-30 22:19:29.283574','2026-11-30 22:19:29.283582','key-loss-drill','[]','{}');
INSERT INTO "flow" VALUES('9d926393-a319-493e-b4a1-937c7c09b664','2026-11-30 22:19:29.466402','2026-11-30 22:19:29.466409','mask-sandbox','[]','{}');
INSERT INTO "flow" VALUES('2916a848-f694-4c19-b0d1-ab6022c4c664','2026-11-30 22:19:29.622871','2026-11-30 22:19:29.622878','scan-sandbox','[]','{}');
INSERT INTO "flow" VALUES('afce4706-b7b1-49c6-9a90-9385980d8078','2026-11-30 22:19:29.784177','2026-11-30 22:19:29.784184','plan-encryption','[]','{}');
INSERT INTO "flow" VALUES('83c1b2a6-21bd-4628-b9ee-f7ef36b1c132','2026-11-30 22:19:29.945760','2026-11-30 22:19:29.945768','verify-encryption','[]','{}');
INSERT INTO "flow" VALUES('87db9c42-d724-4df3-a8f0-5f10e0c3dce1','2026-11-30 22:19:30.091944','2026-11-30 22:19:30.091952','rotate-tenant-secrets','[]','{}');
INSERT INTO "flow" VALUES('e5ea3d53-1b57-4470-bce0-8eaf4dcffd0d','2026-11-30 22:19:30.253460','2026-11-30 22:19:30.253468','export-tenant-secret','[]','{}');
INSERT INTO "flow" VALUES('080bd934-4d5a-44ac-b338-2daeab6025e2','2026-11-30 22:19:30.433909','2026-11-30 22:19:30.433916','destroy-tenant-secret','[]','{}');
INSERT INTO "flow" VALUES('352ace76-b2c1-4859-9952-2dc17fef2788','2026-11-30 22:19:30.587028','2026-11-30 22:19:30.587035','prepare-own-key','[]','{}');
INSERT INTO "flow" VALUES('ede544fc-494b-4fba-ad36-0422eeb2c76b','2026-11-30 22:19:30.745108','2026-11-30 22:19:30.745117','prepare-sandbox','[]','{}');
INSERT INTO "flow" VALUES('f23c0b01-e07f-48a8-a41e-2843525e586f','2026-11-30 22:19:30.898399','2026-11-30 22:19:30.898406','copied-credentials','[]','{}');
INSERT INTO "flow" VALUES('8b09efb8-b7ea-475f-a84e-44e719640db9','2026-11-30 22:19:31.038175','2026-11-30 22:19:31.038182','watch-sandboxes','[]','{}');
INSERT INTO "flow" VALUES('fbee0036-a1f7-4b1c-a541-496ccd6a85f6','2026-11-30 22:19:31.254075','2026-11-30 22:19:31.254082','contain','[]','{}');
INSERT INTO "flow" VALUES('c65844f9-34a0-48dd-aec4-61d003b03e37','2026-11-30 22:19:31.434534','2026-11-30 22:19:31.434541','approve-containment','[]','{}');
INSERT INTO "flow" VALUES('e4a92bd8-99be-4884-b36d-cbff0629bb6f','2026-11-30 22:19:31.574751','2026-11-30 22:19:31.574758','re-enable','[]','{}');
INSERT INTO "flow" VALUES('37b03cd4-158d-48d1-83a9-407ef19f4da1','2026-11-30 22:19:31.717596','2026-11-30 22:19:31.717603','transaction-policies','[]','{}');
INSERT INTO "flow" VALUES('fa837ec6-731d-4f33-839a-281338ae8ac2','2026-11-30 22:19:31.916461','2026-11-30 22:19:31.916470','incident','[]','{}');
INSERT INTO "flow" VALUES('d5e07cd9-5b0e-494e-8554-16a24ee1fac5','2026-11-30 22:19:32.133505','2026-11-30 22:19:32.133514','rehearsal','[]','{}');
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
	CONSTRAINT fk_flow_run__work_queue_id__work_queue FOREIGN KEY(work_queue_id) REFERENCES work_queue (id) ON DELETE SET NULL, 
	CONSTRAINT fk_flow_run__state_id__flow_run_state FOREIGN KEY(state_id) REFERENCES flow_run_state (id) ON DELETE SET NULL, 
	CONSTRAINT fk_flow_run__flow_id__flow FOREIGN KEY(flow_id) REFERENCES flow (id) ON DELETE CASCADE, 
	CONSTRAINT fk_flow_run__infrastructure_document_id__block_document FOREIGN KEY(infrastructure_document_id) REFERENCES block_document (id) ON DELETE CASCADE, 
	CONSTRAINT fk_flow_run__parent_task_run_id__task_run FOREIGN KEY(parent_task_run_id) REFERENCES task_run (id) ON DELETE SET NULL
);
INSERT INTO "flow_run" VALUES('300ad913-f301-4271-93f3-15098ac787a2','2026-11-30 22:19:33.446964','2026-11-30 22:19:33.511000','over-assessment-weekly','COMPLETED',0,'2026-11-30 22:19:33.382811',NULL,'2026-11-30 22:19:33.498658','2026-11-30 22:19:33.498658','1970-01-01 00:00:00.000000',NULL,'{"orgs": ["emea", "hq"]}',NULL,'{}','{"max_retries": 0, "retry_delay_seconds": 0.0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false, "retry_type": null}','["phase:assessment", "job:assessment", "scheduled"]',0,'b7a24d0b-a839-46c4-85f9-eb098ca600fd','635bb4d0-f5c6-47d6-ad6e-9784fb4c941c',NULL,'01a22e8a-bafa-74a5-9027-0addbb5c97cc','Completed',NULL,NULL,'2026-11-30 22:19:33.498658',NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','{}','453647ed9bb717bbb92059c1ff3d2522','{"prefect.flow.id": "b7a24d0b-a839-46c4-85f9-eb098ca600fd", "prefect.deployment.id": "635bb4d0-f5c6-47d6-ad6e-9784fb4c941c"}');
INSERT INTO "flow_run" VALUES('3baf5015-6ae8-4490-91dc-2c8f64975dbb','2026-11-30 22:19:35.459333','2026-11-30 22:19:35.466000','ahead-assessment-weekly','SCHEDULED',0,'2100-01-01 12:00:00.000000','2100-01-01 12:00:00.000000',NULL,NULL,'1970-01-01 00:00:00.000000',NULL,'{"orgs": ["emea", "hq"]}',NULL,'{}','{"max_retries": 0, "retry_delay_seconds": 0.0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false, "retry_type": null}','["phase:assessment", "job:assessment", "scheduled"]',0,'b7a24d0b-a839-46c4-85f9-eb098ca600fd','635bb4d0-f5c6-47d6-ad6e-9784fb4c941c',NULL,'01a22e8a-c2a3-7fb7-aab3-2a511100b554','Scheduled',NULL,NULL,'2026-11-30 22:19:35.459175',NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','{}','453647ed9bb717bbb92059c1ff3d2522','{"prefect.flow.id": "b7a24d0b-a839-46c4-85f9-eb098ca600fd", "prefect.deployment.id": "635bb4d0-f5c6-47d6-ad6e-9784fb4c941c"}');
INSERT INTO "flow_run" VALUES('c91ca595-5bdf-4c2e-a7c0-8e05ec8d9298','2026-11-30 22:19:35.511741','2026-11-30 22:19:35.537000','over-request-access','COMPLETED',0,'2026-11-30 22:19:35.482988',NULL,'2026-11-30 22:19:35.530815','2026-11-30 22:19:35.530815','1970-01-01 00:00:00.000000',NULL,'{"org": "emea", "username": "sync@emea.example", "permission_set": "Sync_Account", "hours": 1, "reason": "a case of a customer''s", "requester": "ada@acme.example"}',NULL,'{}','{"max_retries": 0, "retry_delay_seconds": 0.0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false, "retry_type": null}','["phase:advanced", "job:access"]',0,'5d0ce431-2d6a-4ed4-8a94-0a940c26c6d6','d7ad939c-807a-4990-bd3a-fbad21554666',NULL,'01a22e8a-c2ea-72d8-b2bd-ec0838d47b75','Completed',NULL,NULL,'2026-11-30 22:19:35.530815',NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','{}','53aff46a61d1dfb1226e4b213563b981','{"prefect.flow.id": "5d0ce431-2d6a-4ed4-8a94-0a940c26c6d6", "prefect.deployment.id": "d7ad939c-807a-4990-bd3a-fbad21554666"}');
INSERT INTO "flow_run" VALUES('72c97a17-5a9b-45cb-8777-26376bd7fbec','2026-11-30 22:19:35.569945','2026-11-30 22:19:35.580000','ahead-request-access','SCHEDULED',0,'2100-01-01 12:00:00.000000','2100-01-01 12:00:00.000000',NULL,NULL,'1970-01-01 00:00:00.000000',NULL,'{"org": "emea", "username": "sync@emea.example", "permission_set": "Sync_Account", "hours": 1, "reason": "a case of a customer''s", "requester": "ada@acme.example"}',NULL,'{}','{"max_retries": 0, "retry_delay_seconds": 0.0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false, "retry_type": null}','["phase:advanced", "job:access"]',0,'5d0ce431-2d6a-4ed4-8a94-0a940c26c6d6','d7ad939c-807a-4990-bd3a-fbad21554666',NULL,'01a22e8a-c311-722b-a4f8-d063337f866a','Scheduled',NULL,NULL,'2026-11-30 22:19:35.569818',NULL,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','{}','53aff46a61d1dfb1226e4b213563b981','{"prefect.flow.id": "5d0ce431-2d6a-4ed4-8a94-0a940c26c6d6", "prefect.deployment.id": "d7ad939c-807a-4990-bd3a-fbad21554666"}');
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
INSERT INTO "flow_run_state" VALUES('01a22e8a-bac6-71a0-a907-c6ddc119d797','2026-11-30 22:19:33.470819','2026-11-30 22:19:33.470829','SCHEDULED','2026-11-30 22:19:33.446783','Scheduled',NULL,'{"flow_run_id": "300ad913-f301-4271-93f3-15098ac787a2", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": "2026-11-30T22:19:33.382811Z", "cache_key": null, "cache_expiration": null, "deferred": false, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": null, "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'300ad913-f301-4271-93f3-15098ac787a2',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e8a-bafa-74a5-9027-0addbb5c97cc','2026-11-30 22:19:33.510100','2026-11-30 22:19:33.510110','COMPLETED','2026-11-30 22:19:33.498658','Completed',NULL,'{"flow_run_id": "300ad913-f301-4271-93f3-15098ac787a2", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": null, "cache_key": null, "cache_expiration": null, "deferred": null, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": "13801221-ff51-4ed1-9766-0d8842cd297b", "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'300ad913-f301-4271-93f3-15098ac787a2',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e8a-c2a3-7fb7-aab3-2a511100b554','2026-11-30 22:19:35.465895','2026-11-30 22:19:35.465905','SCHEDULED','2026-11-30 22:19:35.459175','Scheduled',NULL,'{"flow_run_id": "3baf5015-6ae8-4490-91dc-2c8f64975dbb", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": "2100-01-01T12:00:00Z", "cache_key": null, "cache_expiration": null, "deferred": false, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": null, "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'3baf5015-6ae8-4490-91dc-2c8f64975dbb',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e8a-c2d7-70ee-bf5c-2fc03c7822af','2026-11-30 22:19:35.519044','2026-11-30 22:19:35.519054','SCHEDULED','2026-11-30 22:19:35.511606','Scheduled',NULL,'{"flow_run_id": "c91ca595-5bdf-4c2e-a7c0-8e05ec8d9298", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": "2026-11-30T22:19:35.482988Z", "cache_key": null, "cache_expiration": null, "deferred": false, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": null, "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'c91ca595-5bdf-4c2e-a7c0-8e05ec8d9298',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e8a-c2ea-72d8-b2bd-ec0838d47b75','2026-11-30 22:19:35.537176','2026-11-30 22:19:35.537185','COMPLETED','2026-11-30 22:19:35.530815','Completed',NULL,'{"flow_run_id": "c91ca595-5bdf-4c2e-a7c0-8e05ec8d9298", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": null, "cache_key": null, "cache_expiration": null, "deferred": null, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": "d21f64ad-70cf-4e96-a0a1-72fdcc969df9", "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'c91ca595-5bdf-4c2e-a7c0-8e05ec8d9298',NULL);
INSERT INTO "flow_run_state" VALUES('01a22e8a-c311-722b-a4f8-d063337f866a','2026-11-30 22:19:35.579077','2026-11-30 22:19:35.579086','SCHEDULED','2026-11-30 22:19:35.569818','Scheduled',NULL,'{"flow_run_id": "72c97a17-5a9b-45cb-8777-26376bd7fbec", "task_run_id": null, "child_flow_run_id": null, "scheduled_time": "2100-01-01T12:00:00Z", "cache_key": null, "cache_expiration": null, "deferred": false, "untrackable_result": false, "pause_timeout": null, "pause_reschedule": false, "pause_key": null, "run_input_keyset": null, "refresh_cache": null, "retriable": null, "transition_id": null, "task_parameters_id": null, "traceparent": null, "deployment_concurrency_lease_id": null}',NULL,'72c97a17-5a9b-45cb-8777-26376bd7fbec',NULL);
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
INSERT INTO "variable" VALUES('7a893ac3-6fb5-4009-ae00-5633dd998deb','2026-11-30 22:19:35.762111','2026-11-30 22:19:35.762120','our_own','[]','["of", "a", "person"]');
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
INSERT INTO "work_pool" VALUES('d17de2d8-a4a3-4bc5-b01a-0f33b35062d8','2026-11-30 22:19:15.411409','2026-11-30 22:19:15.421000','bulkhead',NULL,'process','{"job_configuration": {"command": "{{ command }}", "env": "{{ env }}", "labels": "{{ labels }}", "name": "{{ name }}", "stream_output": "{{ stream_output }}", "working_dir": "{{ working_dir }}"}, "variables": {"properties": {"name": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Name given to infrastructure created by a worker.", "title": "Name"}, "env": {"additionalProperties": {"anyOf": [{"type": "string"}, {"type": "null"}]}, "description": "Environment variables to set when starting a flow run.", "title": "Environment Variables", "type": "object"}, "labels": {"additionalProperties": {"type": "string"}, "description": "Labels applied to infrastructure created by a worker.", "title": "Labels", "type": "object"}, "command": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "The command to use when starting a flow run. In most cases, this should be left blank and the command will be automatically generated by the worker.", "title": "Command"}, "stream_output": {"default": true, "description": "If enabled, workers will stream output from flow run processes to local standard output.", "title": "Stream Output", "type": "boolean"}, "working_dir": {"anyOf": [{"format": "path", "type": "string"}, {"type": "null"}], "default": null, "description": "If provided, workers will open flow run processes within the specified path as the working directory. Otherwise, a temporary directory will be created.", "title": "Working Directory"}}, "type": "object"}}',0,NULL,'e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','NOT_READY',NULL,NULL,'{"bundle_upload_step": null, "bundle_execution_step": null, "default_result_storage_block_id": null}');
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
INSERT INTO "work_queue" VALUES('e34c1d44-2a78-4b1e-a82a-4a19bd27c4ab','2026-11-30 22:19:15.414940','2026-11-30 22:19:15.414947','default',NULL,'The work pool''s default queue.',0,NULL,NULL,1,'d17de2d8-a4a3-4bc5-b01a-0f33b35062d8','NOT_READY');
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
CREATE INDEX ix_block_document__updated ON block_document (updated);
CREATE INDEX ix_block_document__name ON block_document (name);
CREATE INDEX ix_block_type_name_case_insensitive ON block_type (name);
CREATE UNIQUE INDEX uq_block_type__slug ON block_type (slug);
CREATE INDEX ix_block_type__updated ON block_type (updated);
CREATE UNIQUE INDEX uq_concurrency_limit__tag ON concurrency_limit (tag);
CREATE UNIQUE INDEX uq_block_schema__checksum_version ON block_schema (checksum, version);
CREATE INDEX ix_worker__updated ON worker (updated);
CREATE INDEX ix_worker__work_pool_id_last_heartbeat_time ON worker (work_pool_id, last_heartbeat_time);
CREATE INDEX ix_worker__work_pool_id ON worker (work_pool_id);
CREATE UNIQUE INDEX uq_flow_run_state__flow_run_id_timestamp_desc ON flow_run_state (flow_run_id, timestamp);
CREATE INDEX ix_flow_run_state__updated ON flow_run_state (updated);
CREATE INDEX ix_flow_run_state__type ON flow_run_state (type);
CREATE INDEX ix_flow_run_state__result_artifact_id ON flow_run_state (result_artifact_id);
CREATE INDEX ix_flow_run_state__name ON flow_run_state (name);
CREATE INDEX ix_task_run_state__type ON task_run_state (type);
CREATE INDEX ix_task_run_state__name ON task_run_state (name);
CREATE INDEX ix_task_run_state__updated ON task_run_state (updated);
CREATE UNIQUE INDEX uq_task_run_state__task_run_id_timestamp_desc ON task_run_state (task_run_id, timestamp);
CREATE INDEX ix_task_run_state__result_artifact_id ON task_run_state (result_artifact_id);
CREATE INDEX ix_work_pool__updated ON work_pool (updated);
CREATE INDEX ix_work_pool__type ON work_pool (type);
CREATE INDEX ix_work_queue__updated ON work_queue (updated);
CREATE INDEX ix_work_queue__work_pool_id ON work_queue (work_pool_id);
CREATE INDEX ix_work_queue__work_pool_id_priority ON work_queue (work_pool_id, priority);
CREATE INDEX ix_artifact__flow_run_id ON artifact (flow_run_id);
CREATE INDEX ix_artifact__task_run_id ON artifact (task_run_id);
CREATE INDEX ix_artifact__updated ON artifact (updated);
CREATE INDEX ix_flow_run__name ON flow_run (name);
CREATE INDEX ix_flow_run__work_queue_id ON flow_run (work_queue_id);
CREATE INDEX ix_flow_run__next_scheduled_start_time_asc ON flow_run (next_scheduled_start_time);
CREATE INDEX ix_flow_run__state_timestamp ON flow_run (state_timestamp);
CREATE INDEX ix_flow_run__end_time_desc ON flow_run (end_time);
CREATE INDEX ix_flow_run__parent_task_run_id ON flow_run (parent_task_run_id);
CREATE INDEX ix_flow_run__work_queue_name ON flow_run (work_queue_name);
CREATE INDEX ix_flow_run__flow_id ON flow_run (flow_id);
CREATE INDEX ix_flow_run__infrastructure_document_id ON flow_run (infrastructure_document_id);
CREATE INDEX ix_flow_run__flow_version ON flow_run (flow_version);
CREATE INDEX ix_flow_run__state_type ON flow_run (state_type);
CREATE INDEX ix_flow_run__start_time ON flow_run (start_time);
CREATE INDEX ix_flow_run_name_case_insensitive ON flow_run (name);
CREATE INDEX ix_flow_run__expected_start_time_desc ON flow_run (expected_start_time);
CREATE INDEX ix_flow_run__state_id ON flow_run (state_id);
CREATE INDEX ix_flow_run__updated ON flow_run (updated);
CREATE UNIQUE INDEX uq_flow_run__flow_id_idempotency_key ON flow_run (flow_id, idempotency_key);
CREATE INDEX ix_flow_run__state_name ON flow_run (state_name);
CREATE INDEX ix_artifact__key ON artifact ("key");
CREATE INDEX ix_artifact_collection__key_latest_id ON artifact_collection ("key", latest_id);
CREATE INDEX ix_concurrency_limit_v2__updated ON concurrency_limit_v2 (updated);
CREATE INDEX ix_log__level ON log (level);
CREATE INDEX ix_log__task_run_id ON log (task_run_id);
CREATE INDEX ix_log__updated ON log (updated);
CREATE INDEX ix_log__flow_run_id_timestamp ON log (flow_run_id, timestamp);
CREATE INDEX ix_log__timestamp ON log (timestamp);
CREATE INDEX ix_log__flow_run_id ON log (flow_run_id);
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
CREATE INDEX ix_deployment__work_queue_name ON deployment (work_queue_name);
CREATE INDEX ix_deployment_name_case_insensitive ON deployment (name);
CREATE UNIQUE INDEX uq_deployment__flow_id_name ON deployment (flow_id, name);
CREATE INDEX ix_deployment__updated ON deployment (updated);
CREATE INDEX ix_deployment__paused ON deployment (paused);
CREATE INDEX ix_deployment__flow_id ON deployment (flow_id);
CREATE INDEX ix_deployment__created ON deployment (created);
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
CREATE INDEX ix_task_run__start_time ON task_run (start_time);
CREATE INDEX ix_task_run__end_time_desc ON task_run (end_time);
CREATE INDEX ix_task_run__next_scheduled_start_time_asc ON task_run (next_scheduled_start_time);
CREATE INDEX ix_task_run__state_type ON task_run (state_type);
CREATE INDEX ix_task_run__updated ON task_run (updated);
CREATE INDEX ix_task_run__flow_run_id ON task_run (flow_run_id);
CREATE INDEX ix_task_run__state_id ON task_run (state_id);
CREATE INDEX ix_task_run_name_case_insensitive ON task_run (name);
CREATE INDEX ix_task_run__name ON task_run (name);
CREATE INDEX ix_task_run__state_name ON task_run (state_name);
CREATE INDEX ix_task_run__state_timestamp ON task_run (state_timestamp);
CREATE UNIQUE INDEX uq_task_run__flow_run_id_task_key_dynamic_key ON task_run (flow_run_id, task_key, dynamic_key);
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
