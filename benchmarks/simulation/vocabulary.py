"""Words that simulated services, their lines, their changes and their people use."""

from __future__ import annotations

SERVICES = """
accounts addresses alerts basket billing booking bookings calendar campaigns cart catalogue chat claims contacts
coupons couriers credit customers delivery devices documents exports feed fleet fraud gallery geo gifts identity
images imports insurance invoices journeys kitchen ledger letters licences loyalty mail maps media members menus
messages mobile notify offers onboarding orders parcels partners passes payouts permits points policies portal
prices profiles promotions quotas quotes rates recommendations refunds rentals reports reservations returns reviews
routes scheduler schemas search seats sessions settlement shipping shifts sms stations stock storefront subscriptions
suppliers support surveys tax telemetry tenants tickets tours tracking transfers trips uploads users vehicles vouchers
wallet warehouse weather webhooks wishlist
""".split()  # noqa: SIM905 - a list of words reads as prose
FRONTS = ["gateway", "web", "edge", "frontend", "bff", "public-api", "ingress", "router"]
STORES = ["postgres", "mysql", "redis", "kafka", "mongo", "elastic", "rabbitmq", "memcached"]
SUFFIXES = ["", "", "", "-service", "-svc", "-api", "-worker", "-app"]

NOUNS = """
address agreement allowance asset attachment balance batch bill booking box bundle card cart category claim code
contract coupon customer cursor deposit device discount document draft entry event export fare feed file form guest
image import index invoice item job key label ledger letter limit line link list location lock message meter note
offer option order page parcel partner path payment permit plan point policy position price product profile quota
quote rate receipt record refund region rental report request reservation return review room route rule schedule seat
segment session shard shipment slot snapshot statement station step stock stream subscription summary task tax tenant
ticket token tour transfer trip upload user vehicle voucher window
""".split()  # noqa: SIM905
VERBS = """
accepted added applied archived assigned booked built calculated checked cleaned closed collected compared completed
confirmed converted copied counted created delivered drawn enriched evicted exported fetched filed filtered finished
flushed forwarded found handled imported indexed issued joined linked listed loaded locked mapped matched merged moved
notified opened packed parsed picked planned polled posted prepared printed processed published pulled pushed queued
reached read rebuilt received refreshed registered released renewed replaced reserved resolved returned reviewed
rotated saved scanned scheduled sealed selected sent served settled signed sorted split started stored synchronised
tagged taken trimmed unlocked updated validated verified warmed weighed written
""".split()  # noqa: SIM905

#: What a program says of work that went well; `{n}` are values, `{noun}` and `{verb}` are drawn for each template.
WORK = [
    "{verb} {noun} {id}",
    "{noun} {id} {verb}",
    "{noun} {verb} id={id}",
    "{noun} {verb}: {n} of {n} {noun2}",
    "{verb} {n} {noun2} for {noun} {id}",
    "{noun}: {verb} in {ms} ms",
    "{verb} {noun} of user {user}",
    "{noun} cache {verb}, {n} entries",
    "{verb} {noun} from {ip}",
    "{noun} {verb} after {n} {noun2}",
    "{noun}={id} {noun2}={n} {verb}",
    "user {user} {verb} {noun}",
    "{verb} {noun} and {noun2}",
    "{noun} {id}: total {amount}, {noun2} {n}",
]
#: Pairs of a good outcome and a bad one that is no failure of the program.
OUTCOMES = [
    ("accepted", "declined"),
    ("hit", "miss"),
    ("matched", "unmatched"),
    ("delivered", "bounced"),
    ("approved", "rejected"),
    ("complete", "partial"),
    ("valid", "expired"),
    ("fresh", "stale"),
]
WARNINGS = [
    "{noun} {id} is taking long: {ms} ms",
    "{noun} {id} not found, {noun2} used instead",
    "retrying {noun} {id}, attempt {n}",
    "deprecated field {noun} in request of {user}",
    "{noun} queue holds {n} {noun2}",
    "unexpected {noun} in {noun2} {id}, ignored",
    "slow {noun} query: {ms} ms",
    "rate limit of {noun} near: {n}",
    "clock of client {ip} is off by {n} s",
]
#: Errors that services have on any day.
ERRORS = [
    "could not parse {noun} of {ip}: unexpected end of input",
    "{noun} {id} rejected: {noun2} missing",
    "failed to send {noun} to {user}: mailbox unavailable",
    "invalid {noun} {id}",
    "{noun} {id}: write failed, connection reset by peer",
    "error while {noun} was closed by {ip}",
    "{noun} {id} failed validation: {noun2} is negative",
    "permission denied for user {user} on {noun}",
    "duplicate {noun} {id}",
    "request for {noun} {id} aborted by client",
]
#: Errors by what is broken; the first word of the key is the family.
BROKEN: dict[str, list[str]] = {
    "code": [
        "cannot read {noun} of {noun2} {id}: value is null",
        "unhandled exception while {noun} was {verb}",
        "index {n} out of range in {noun}",
        "unknown {noun} type {n} in {noun2}",
        "{noun} {id}: expected {noun2}, found nothing",
        "failed to decode {noun}: missing field {noun2}",
        "assertion failed: {noun} before {noun2}",
        "unsupported {noun} version {n}",
    ],
    "pool": [
        "could not get a connection within {ms} ms: pool exhausted",
        "no free {noun} connection, {n} in use",
        "too many open files",
        "out of memory: cannot allocate {n} bytes for {noun}",
        "worker queue full, {noun} {id} rejected",
    ],
    "config": [
        "missing setting {noun}.{noun2}",
        "authentication failed for {noun} {user}",
        "unknown host {noun}-{noun2}.internal",
        "permission denied: {noun}",
        "invalid {noun} endpoint",
        "limit of {noun} exceeded: {n}",
    ],
    "schema": [
        "column {noun} does not exist",
        "relation {noun}_{noun2} does not exist",
        "lock wait of {ms} ms exceeded on {noun}",
        "deadlock detected while {noun} was {verb}",
    ],
    "outside": [
        "request to https://api.{noun}-{noun2}.example/v2 failed: 503 Service Unavailable",
        "{noun} provider did not answer within {ms} ms",
        "bucket {noun}-{noun2}: SlowDown, reduce your request rate",
        "upstream {noun}.example: connection timed out",
    ],
    "disk": [
        "write of {noun} {id} failed: No space left on device",
        "cannot create {noun} file: disk full",
        "could not extend {noun}: No space left on device",
    ],
    "expired": [
        "TLS handshake with {peer} failed: certificate has expired",
        "x509: certificate has expired or is not yet valid calling {peer}",
        "token for {peer} expired",
    ],
    "overload": [
        "too many requests, {noun} {id} turned away",
        "shedding load: {n} in flight",
        "deadline of {ms} ms exceeded for {noun} {id}",
    ],
}
#: What a caller says of a call that failed; `{peer}` is the callee.
TIMED_OUT = [
    "call to {peer} timed out after {ms} ms",
    "{peer}: read timed out",
    "deadline exceeded calling {peer}",
    "no answer from {peer} within {ms} ms",
    "upstream timed out",
]
REFUSED = [
    "connection to {peer} refused",
    "{peer}: connect failed: connection refused",
    "no healthy upstream for {peer}",
    "could not reach {peer}",
    "upstream unavailable",
]
ANSWERED = [
    "{peer} answered 500",
    "call to {peer} failed: status 500",
    "bad response of {peer}: 502",
    "error from upstream: internal",
]
FAILED = ["{noun} request failed status=500", "{verb} failed, 500 in {ms} ms", "{noun} {id}: giving up", "500 {noun}"]
BANNERS = [
    ["starting {name} {version}", "configuration loaded, {n} keys", "listening on 0.0.0.0:8080"],
    ["booting {name} version {version}", "started {name} in {n} s"],
    ["{name} {version} starting up", "connected to store, {n} connections", "ready to accept requests"],
    ["server started"],
]
GOODBYES = ["shutting down, draining {n} requests", "received signal 15, stopping", "stopped"]
CRASHES = [
    "fatal: {noun} could not be initialised",
    "panic: {noun} is nil",
    "killed: out of memory",
    "fatal error: missing {noun} setting",
]
RELOADED = ["configuration reloaded, {n} keys changed", "settings of {noun} applied", "flag set refreshed, {n} flags"]

SUMMARIES = {
    "deploy": ["{noun} {noun2} clean-up", "faster {noun} list", "new {noun} client", "{noun}: fix {noun2} order", ""],
    "rollback": ["back to the version before", "revert: {noun}", ""],
    "flag": ["{noun} page for 20 % of users", "new {noun} flow on", "{noun} hints off", ""],
    "config": ["{noun} limit raised", "log settings", "{noun} endpoint moved", "time-outs of {noun}", ""],
    "scale": ["from 3 to 2 instances", "more memory", "instances added", ""],
    "migration": ["column {noun} added to {noun2}", "index on {noun}", "{noun} backfill"],
    "infrastructure": ["node pool renewed", "certificates rotated", "DNS of {noun} moved", "network policy", ""],
}
VAGUE = [
    "something is wrong since a while",
    "users complain",
    "the site feels slow",
    "support gets many calls, nobody knows why",
    "alerts are firing",
    "customers see errors",
    "conversion dropped",
]
EXACT = [
    "users cannot finish their {noun}, errors since about {clock}",
    "{service} returns 500s",
    "{noun} page is slow since {clock}",
    "many {noun} failures reported, started around {clock}",
    "the {noun} does not show up for customers",
    "error rate of {service} is up",
]
