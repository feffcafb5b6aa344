#!/bin/sh
# Runs each round at its hour, until the container stops: schedule 09:00=morning 12:00=midday 17:00=evening
# The hours are those of the zone that TZ names. How a round ends does not end the schedule.
set -u
[ $# -gt 0 ] || { echo "usage: schedule HH:MM=ROUND ..." >&2; exit 4; }
last=
while :; do
    now=$(date +%H:%M)
    if [ "$now" != "$last" ]; then
        for due in "$@"; do
            if [ "${due%%=*}" = "$now" ]; then
                hypercare round "${due#*=}" --target "${TARGET_FILE:-/project/target.toml}" \
                    --reports "${HYPERCARE_REPORTS:-/reports}" || echo "schedule: ${due#*=} ended with status $?" >&2
            fi
        done
        last=$now
    fi
    sleep 20 || exit
done
