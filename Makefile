VARIABLES := Makefile.vars $(wildcard Makefile.local.vars)
# The environment wins over these files, as it does for pandacap.
$(foreach key,$(shell sed -n 's/^[ \t]*\([A-Za-z_][A-Za-z0-9_]*\)[ \t]*=.*/\1/p' $(VARIABLES)),\
  $(if $(filter environment,$(origin $(key))),$(eval override $(key) := $$($(key)))))
include $(VARIABLES)

.DEFAULT_GOAL := help
.PHONY: help setup build guest launcher demo test bench unit-test lint format install clean-files

PANDACAP := .build/$(CONFIGURATION)/pandacap

##@ Start here
setup: ## Install the system packages that are missing (apt, as root or through sudo).
	@scripts/setup

demo: setup build ## Set up, build, get the engine, make a guest, record it, replay it, show the trace.
	@scripts/demo $(PANDACAP) $(DEMO_IMAGE) $(DEMO_ARCHITECTURE) $(DEMO_COLLECTION)

test: setup lint ## Run every test, those with the real engine and a real guest too.
	@scripts/test $(CONFIGURATION)

##@ Development
build: guest launcher ## Build pandacap and its launcher of the engine.
	@swift build --configuration $(CONFIGURATION)

guest: ## Build what runs in guests.
	@$(MAKE) --silent --no-print-directory -C guest

launcher: ## Build what runs the engine.
	@$(MAKE) --silent --no-print-directory -C launcher

unit-test: guest launcher ## Run the tests that start no guest.
	@swift test --disable-xctest --no-parallel --skip EndToEndTests

bench: build ## Measure, and print ratios against named baselines.
	@Benchmarks/bootstrap.py $(PANDACAP)
	@Benchmarks/capture.py $(PANDACAP)
	@Benchmarks/container_size.py $(PANDACAP)
	@Benchmarks/warm.py $(PANDACAP)

lint: ## Check the format, the rules of the sources, and which module imports which.
	@scripts/lint

format: ## Format the sources.
	@swift format --in-place --recursive Sources Tests Package.swift

run.%: build ## Render the bundle RUNTIME_BOOTSTRAP into run.N/docker and run.N/vm.
	@$(PANDACAP) bootstrap render '$(abspath $(RUNTIME_BOOTSTRAP))' --out $@

%.rund: build ## The same, into PATH/docker and PATH/vm.
	@$(PANDACAP) bootstrap render '$(abspath $(RUNTIME_BOOTSTRAP))' --out '$*'

install: ## Build for release and install below PREFIX.
	@$(MAKE) --no-print-directory build CONFIGURATION=release
	@scripts/install $(PREFIX)

##@ Cleaning
clean-files: ## Remove what was built; engines, images and traces stay.
	@rm -rf .build

##@ Help
help: ## Show this list.
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z.%-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
