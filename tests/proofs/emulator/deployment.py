"""The real `sam deploy` and `sam delete`, of a copy of what was built, so that
nothing is left in the repository."""

import os
import shutil
import subprocess

import guided
import yaml

STACK = "roster"


class DeployFailed(Exception):
    """SAM failed. The message has what it wrote."""


class Deployment:
    """`infra` in a folder of its own, with a home of its own for SAM."""

    def __init__(self, sam, build, folder, environment):
        self.sam = os.path.abspath(sam)
        self.infra = os.path.join(folder, "infra")
        self.build = os.path.join(self.infra, ".aws-sam", "build")
        if not os.path.exists(os.path.join(build, "template.yaml")):
            raise DeployFailed(f"{build} has no template.yaml: run infra/build first")
        shutil.copytree(build, self.build)
        _without_metric_math(os.path.join(self.build, "template.yaml"))
        infra = os.path.join(os.path.dirname(build), "..")
        for name in ("samconfig.toml", "README.md"):
            shutil.copy(os.path.join(infra, name), self.infra)
        # The template names it, and SAM uploads what the template names.
        shutil.copy(os.path.join(infra, "..", "LICENSE"), folder)
        self.environment = {**environment, "HOME": folder, "SAM_CLI_TELEMETRY": "0", "SAM_CLI_POLL_DELAY": "0.5"}

    def guided(self, answers=None):
        """`sam deploy --guided`. Answers the questions with their defaults, and
        what SAM wrote."""
        return guided.deploy(self.sam, self.infra, self.environment, answers)

    def deploy(self, **parameters):
        """`sam deploy`, with these parameters; the others stay as they are."""
        overrides = [f"{name}={value}" for name, value in parameters.items()]
        given = ["--parameter-overrides", *overrides] if overrides else []
        return self._run("deploy", "--no-confirm-changeset", *given)

    def delete(self):
        return self._run("delete", "--no-prompts", "--stack-name", STACK)

    def change_binary(self, function):
        """Another build of a function: what stands behind a program is not read."""
        path = os.path.join(self.build, function, "bootstrap")
        with open(path, "ab") as binary:
            binary.write(b"\n")

    def _run(self, *arguments):
        done = subprocess.run(
            [self.sam, *arguments],
            cwd=self.infra,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
        )
        if done.returncode != 0:
            raise DeployFailed(f"sam {' '.join(arguments)} failed:\n{done.stdout[-1500:]}")
        return done.stdout


def _without_metric_math(path):
    """The emulator has no alarms over several metrics: they watch the first one."""
    with open(path) as file:
        template = yaml.safe_load(file)
    for resource in template["Resources"].values():
        metrics = resource["Properties"].pop("Metrics", None) if resource["Type"] == "AWS::CloudWatch::Alarm" else None
        if metrics:
            first = next(metric["MetricStat"] for metric in metrics if "MetricStat" in metric)
            resource["Properties"] |= first["Metric"]
            resource["Properties"] |= {"Period": first["Period"], "Statistic": first["Stat"]}
    with open(path, "w") as file:
        yaml.safe_dump(template, file, sort_keys=False)
