#!/bin/sh
# Analyses one run: Slurm runs it for each task of a job array.
# The argument is the line of the task 0 in the list of runs, from 0. It was submitted with:
#   {{submission}}
# What was analysed is not analysed again: a task that was cut short is done anew when it is requeued, or by the same
# 'pandacap analyse'.
set -eu
{{environment}}
run=$(sed -n "$(($1 + SLURM_ARRAY_TASK_ID + 1))p" {{runs}})
exec {{command}} --run "$run"
