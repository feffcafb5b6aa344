BEGIN TRANSACTION;
CREATE TABLE actions (
	id INTEGER NOT NULL, 
	target TEXT NOT NULL, 
	incident_id INTEGER, 
	day DATE NOT NULL, 
	note TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(incident_id) REFERENCES incidents (id)
);
CREATE TABLE attestations (
	id INTEGER NOT NULL, 
	target TEXT NOT NULL, 
	item TEXT NOT NULL, 
	day DATE NOT NULL, 
	answer TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE corrections (
	id INTEGER NOT NULL, 
	target TEXT NOT NULL, 
	way VARCHAR(20), 
	branch TEXT, 
	start VARCHAR(40) NOT NULL, 
	"end" VARCHAR(40) NOT NULL, 
	state VARCHAR(12) NOT NULL, 
	"by" TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE deliveries (
	id INTEGER NOT NULL, 
	message_id INTEGER NOT NULL, 
	route TEXT NOT NULL, 
	state VARCHAR(12) NOT NULL, 
	attempts INTEGER NOT NULL, 
	next_try VARCHAR(40), 
	sent VARCHAR(40), 
	trouble TEXT, 
	claim VARCHAR(40), 
	PRIMARY KEY (id), 
	UNIQUE (message_id, route), 
	FOREIGN KEY(message_id) REFERENCES messages (id)
);
CREATE TABLE figures (
	round_id VARCHAR(40) NOT NULL, 
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (round_id, name), 
	FOREIGN KEY(round_id) REFERENCES rounds (id)
);
INSERT INTO "figures" VALUES('r1','presents','2');
INSERT INTO "figures" VALUES('r1','sales_created','40');
CREATE TABLE history_revision (
	version_num VARCHAR(32) NOT NULL, 
	PRIMARY KEY (version_num)
);
INSERT INTO "history_revision" VALUES('0004');
CREATE TABLE incident_events (
	id INTEGER NOT NULL, 
	incident_id INTEGER NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	"by" TEXT NOT NULL, 
	level VARCHAR(2) NOT NULL, 
	note TEXT NOT NULL, 
	detail JSON NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(incident_id) REFERENCES incidents (id)
);
INSERT INTO "incident_events" VALUES(1,1,'opened','2026-01-15T08:01:00.000000+00:00','','L2','2 of 40 final sales cost nothing.','{"cause": "check:shop.presents", "items": ["shop.presents"], "failing": ["shop.presents"], "blocked": [], "branches": [], "gravity": "L2", "probed": false, "findings": {}, "raised_for": [], "told": ["L2"]}');
CREATE TABLE incidents (
	id INTEGER NOT NULL, 
	target TEXT NOT NULL, 
	cause TEXT NOT NULL, 
	open_cause TEXT, 
	level VARCHAR(2) NOT NULL, 
	sentence TEXT NOT NULL, 
	items JSON NOT NULL, 
	failing JSON NOT NULL, 
	blocked JSON NOT NULL, 
	branches JSON NOT NULL, 
	opened VARCHAR(40) NOT NULL, 
	last_seen VARCHAR(40) NOT NULL, 
	acknowledged VARCHAR(40), 
	acknowledged_by TEXT, 
	note TEXT, 
	resolved VARCHAR(40), 
	holding_since VARCHAR(40), 
	flapping BOOLEAN NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "incidents" VALUES(1,'shop','check:shop.presents','check:shop.presents','L2','2 of 40 final sales cost nothing.','["shop.presents"]','["shop.presents"]','[]','[]','2026-01-15T08:01:00.000000+00:00','2026-01-15T08:01:00.000000+00:00',NULL,NULL,NULL,NULL,NULL,0);
CREATE TABLE maintenance (
	id INTEGER NOT NULL, 
	target TEXT NOT NULL, 
	why TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	start VARCHAR(40) NOT NULL, 
	until VARCHAR(40) NOT NULL, 
	ways JSON NOT NULL, 
	branches JSON NOT NULL, 
	planned BOOLEAN NOT NULL, 
	said VARCHAR(40) NOT NULL, 
	ended VARCHAR(40), 
	ended_by TEXT, 
	PRIMARY KEY (id)
);
CREATE TABLE messages (
	id INTEGER NOT NULL, 
	target TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	level VARCHAR(2), 
	title TEXT NOT NULL, 
	body TEXT NOT NULL, 
	content JSON NOT NULL, 
	created VARCHAR(40) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (target, "key")
);
CREATE TABLE results (
	id INTEGER NOT NULL, 
	round_id VARCHAR(40) NOT NULL, 
	item TEXT NOT NULL, 
	"check" TEXT NOT NULL, 
	outcome VARCHAR(20) NOT NULL, 
	level VARCHAR(2) NOT NULL, 
	sentence TEXT NOT NULL, 
	count INTEGER, 
	duration_s FLOAT NOT NULL, 
	ended VARCHAR(40) NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(round_id) REFERENCES rounds (id)
);
INSERT INTO "results" VALUES(1,'r1','health.web','tests/test_it.py::test_health.web','passed','L2','',NULL,0.5,'2026-01-15T08:01:00+00:00');
INSERT INTO "results" VALUES(2,'r1','shop.presents','tests/test_it.py::test_shop.presents','failed','L2','2 of 40 final sales cost nothing.',2,0.5,'2026-01-15T08:01:00+00:00');
INSERT INTO "results" VALUES(3,'r2','health.web','tests/test_it.py::test_health.web','passed','L2','',NULL,0.5,'2026-01-15T08:01:00+00:00');
CREATE TABLE rounds (
	id VARCHAR(40) NOT NULL, 
	target TEXT NOT NULL, 
	round VARCHAR(20) NOT NULL, 
	day DATE NOT NULL, 
	as_of VARCHAR(40) NOT NULL, 
	started VARCHAR(40) NOT NULL, 
	finished VARCHAR(40), 
	status VARCHAR(20), 
	machine TEXT, 
	process TEXT, 
	heartbeat VARCHAR(40), 
	expected INTEGER, 
	told_by VARCHAR(40), 
	partial BOOLEAN, 
	rules VARCHAR(20), 
	PRIMARY KEY (id)
);
INSERT INTO "rounds" VALUES('r1','shop','morning','2026-01-15','2026-01-15T08:00:00.000000+00:00','2026-01-15T08:00:00.000000+00:00','2026-01-15T08:02:00.000000+00:00','issues','erp-watch','somewhere 4711 1','2026-01-15T08:02:00.000000+00:00',2,NULL,0,NULL);
INSERT INTO "rounds" VALUES('r2','shop','midday','2026-01-15','2026-01-15T11:00:00.000000+00:00','2026-01-15T11:00:00.000000+00:00','2026-01-15T11:01:00.000000+00:00','healthy','erp-watch','somewhere 4711 1','2026-01-15T11:00:00.000000+00:00',NULL,NULL,0,NULL);
CREATE TABLE samples (
	id INTEGER NOT NULL, 
	target TEXT NOT NULL, 
	way VARCHAR(20) NOT NULL, 
	branch TEXT, 
	prober TEXT NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	state VARCHAR(12) NOT NULL, 
	confirmed BOOLEAN NOT NULL, 
	interval_s FLOAT NOT NULL, 
	latency_ms FLOAT, 
	says TEXT NOT NULL, 
	last VARCHAR(40), 
	count INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (target, prober, way, branch, at)
);
CREATE TABLE sign_offs (
	id INTEGER NOT NULL, 
	target TEXT NOT NULL, 
	what TEXT NOT NULL, 
	day DATE NOT NULL, 
	note TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE watermarks (
	target TEXT NOT NULL, 
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (target, name)
);
INSERT INTO "watermarks" VALUES('shop','sum','1','2026-01-15T08:00:00.000000+00:00');
CREATE INDEX ix_rounds_target ON rounds (target);
CREATE INDEX ix_samples_at ON samples (at);
CREATE INDEX ix_samples_target ON samples (target);
CREATE INDEX ix_corrections_target ON corrections (target);
CREATE INDEX ix_maintenance_target ON maintenance (target);
CREATE UNIQUE INDEX one_open_incident ON incidents (target, open_cause);
CREATE INDEX ix_incidents_target ON incidents (target);
CREATE INDEX ix_messages_target ON messages (target);
CREATE INDEX ix_attestations_target ON attestations (target);
CREATE INDEX ix_sign_offs_target ON sign_offs (target);
CREATE INDEX ix_results_round_id ON results (round_id);
CREATE UNIQUE INDEX one_result ON results (round_id, item, "check", ended);
CREATE INDEX ix_results_item ON results (item);
CREATE INDEX ix_incident_events_incident_id ON incident_events (incident_id);
CREATE INDEX ix_deliveries_message_id ON deliveries (message_id);
CREATE INDEX ix_deliveries_claim ON deliveries (claim);
CREATE INDEX ix_actions_target ON actions (target);
COMMIT;
