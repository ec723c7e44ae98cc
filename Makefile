VARIABLES := Makefile.vars $(wildcard Makefile.local.vars)
# The environment wins over these files, as it does for pandacap.
$(foreach key,$(shell sed -n 's/^[ \t]*\([A-Za-z_][A-Za-z0-9_]*\)[ \t]*=.*/\1/p' $(VARIABLES)),\
  $(if $(filter environment,$(origin $(key))),$(eval override $(key) := $$($(key)))))
include $(VARIABLES)

.DEFAULT_GOAL := build
.PHONY: build clean-docker clean-files lsimg lscont lsaddr ctest clean-ssh \
  help setup packages validators program guest launcher plugins demo test bench fuzz unit-test lint format install \
  reference

PANDACAP := .build/$(CONFIGURATION)/pandacap
# A text as one word for the shell, whatever is in it; make would take what follows a line feed for another command.
define newline


endef
quoted = '$(subst ','\'',$(subst $(newline), ,$(1)))'

# Where the program is missing only: to list containers, nobody wants to wait for a compiler.
$(PANDACAP):
	@$(MAKE) --no-print-directory program

##@ Image creation and cleanup
build: program ## Build or refresh the container image IMAGE_NAME.
	@$(PANDACAP) container build

clean-docker: $(PANDACAP) ## Remove stopped containers and unnamed images, those that PANDAcap made only.
	@$(PANDACAP) container prune

clean-files: ## Remove what was built, pandacap included; engines, images and traces stay.
	@rm -rf .build

##@ Image/container information
lsimg: $(PANDACAP) ## List images of containers.
	@$(PANDACAP) container images

lscont: $(PANDACAP) ## List running containers.
	@$(PANDACAP) container list

lsaddr: $(PANDACAP) ## List the names and addresses of running containers.
	@$(PANDACAP) container addresses

##@ Shell utilities
sh-%: $(PANDACAP) ## Start a root shell in the container NAME.
	@$(PANDACAP) container shell $(call quoted,$*)

ush-%: $(PANDACAP) ## Start a shell of DOCKER_USER in the container NAME.
	@$(PANDACAP) container shell $(call quoted,$*) --user $(call quoted,$(DOCKER_USER))

zsh-%: $(PANDACAP) ## Start a root zsh in the container NAME.
	@$(PANDACAP) container shell $(call quoted,$*) --zsh

ssh-%: $(PANDACAP) ## Log in to the container NAME by ssh, as root.
	@$(PANDACAP) container ssh $(call quoted,$*)

ussh-%: $(PANDACAP) ## Log in to the container NAME by ssh, as DOCKER_USER.
	@$(PANDACAP) container ssh $(call quoted,$*) --user $(call quoted,$(DOCKER_USER))

ctest: $(PANDACAP) ## Start a container of IMAGE_NAME with RUNTIME_BOOTSTRAP, to look around.
	@$(PANDACAP) container test

ctest-%: $(PANDACAP) ## The same, with the name NAME.
	@$(PANDACAP) container test $(call quoted,$*)

clean-ssh: $(PANDACAP) ## Remove the host keys of running containers from your known_hosts.
	@$(PANDACAP) container forget-keys

##@ Start here
setup: packages validators ## Install what is missing: system packages (apt), and validators for the tests (PyPI).

packages: ## Install the system packages that are missing, as root or through sudo.
	@scripts/setup

validators: packages ## Install the validators that tests of datasets run, below .build.
	@scripts/setup-validators

demo: packages program ## Set up, build, get the engine, make a guest, record it, replay it, pack the trace, draw it.
	@scripts/demo $(PANDACAP) $(DEMO_IMAGE) $(DEMO_ARCHITECTURE) $(DEMO_COLLECTION)

test: setup lint ## Run every test, those with the real engine and a real guest too.
	@scripts/test $(CONFIGURATION)

##@ Bundles
run.%: $(PANDACAP) ## Render the bundle RUNTIME_BOOTSTRAP into run.NAME/docker and run.NAME/vm.
	@$(PANDACAP) bootstrap render $(call quoted,$(abspath $(RUNTIME_BOOTSTRAP))) --out $(call quoted,$@)

%.rund: $(PANDACAP) ## The same, into NAME/docker and NAME/vm; NAME may be a path.
	@$(PANDACAP) bootstrap render $(call quoted,$(abspath $(RUNTIME_BOOTSTRAP))) --out $(call quoted,$*)

##@ Development
program: guest launcher plugins ## Build pandacap, its launcher of the engine, and its plugins.
	@swift build --configuration $(CONFIGURATION)

guest: ## Build what runs in guests.
	@$(MAKE) --silent --no-print-directory -C guest

launcher: ## Build what runs the engine.
	@$(MAKE) --silent --no-print-directory -C launcher

plugins: ## Build our plugins of the engine.
	@$(MAKE) --silent --no-print-directory -C plugins

unit-test: guest launcher plugins ## Run the tests that start no guest.
	@swift test --disable-xctest --no-parallel --skip EndToEndTests

bench: program ## Measure, and print ratios against named baselines.
	@PANDACAP=$(PANDACAP) Benchmarks/analysis.py
	@Benchmarks/bootstrap.py $(PANDACAP)
	@Benchmarks/capture.py $(PANDACAP)
	@Benchmarks/catalogue.py $(PANDACAP)
	@Benchmarks/container_capture.py $(PANDACAP)
	@Benchmarks/container_size.py $(PANDACAP)
	@Benchmarks/dashboard.py $(PANDACAP)
	@swift build --configuration $(CONFIGURATION) --product FakePanda
	@PANDACAP=$(PANDACAP) Benchmarks/fleet.py
	@PANDACAP=$(PANDACAP) Benchmarks/store.py
	@PANDACAP=$(PANDACAP) Benchmarks/traces.py
	@Benchmarks/warm.py $(PANDACAP)

fuzz: ## Feed the readers of recordings made-up files, each for SECONDS (60).
	@Fuzzing/fuzz $(or $(SECONDS),60) $(RECORDINGS)

lint: ## Check the format, the rules of the sources, and which module imports which.
	@scripts/lint

format: ## Format the sources.
	@swift format --in-place --recursive Sources Tests Package.swift

install: ## Build for release and install below PREFIX.
	@$(MAKE) --no-print-directory program CONFIGURATION=release
	@scripts/install $(PREFIX)

reference: program ## Write docs/reference from what the commands say of themselves.
	@scripts/make-reference $(PANDACAP) --markdown docs/reference

##@ Help
help: ## Show this list.
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	  /^##=/ { print "  " substr($$0, 5) } \
	  /^[a-z.%-]+:.*## / { sub("%", "NAME", $$1); printf "  %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo

##@ Variables: of Makefile.vars, Makefile.local.vars, the environment, or KEY=VALUE behind make
##= IMAGE_*, DOCKER_*  build; IMAGE_NAME also ctest, and DOCKER_USER also ush-NAME and ussh-NAME
##= PANDA_PATH         build, ctest
##= RUNTIME_BOOTSTRAP  ctest, run.NAME, NAME.rund
##= DEMO_*             demo
##= CONFIGURATION      what builds pandacap, or runs it
##= PREFIX             install
##= 'pandacap config show' prints them all with their values, and docs/configuration.md explains them.
