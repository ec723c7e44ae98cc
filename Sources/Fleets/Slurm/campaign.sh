#!/bin/sh
# Makes one item of the campaign {{campaign}}: Slurm runs it for each task of a job array.
# The argument is the item of the task 0. It was submitted with:
#   {{submission}}
# SIGTERM, as Slurm sends it before it kills, ends the recording properly; an item that was cut short is made anew
# when the task is requeued, or by 'pandacap campaign resume'.
set -eu
{{environment}}
exec {{command}} "$(($1 + SLURM_ARRAY_TASK_ID))"
