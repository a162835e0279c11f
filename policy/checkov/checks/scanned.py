"""Pass for everything, so that checkov's report says of what it has run checks at all: it is silent about a resource
that it has not understood, as it is about one with which all is well. tools/policy/checkov.ts compares."""

from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.kubernetes.checks.resource.base_spec_check import BaseK8Check
from checkov.terraform.checks.data.base_check import BaseDataCheck
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck

COMMON = {"name": "Is scanned", "categories": [CheckCategories.CONVENTION]}


class ScannedResource(BaseResourceCheck):
    def __init__(self):
        super().__init__(id="SCANNED_RESOURCE", supported_resources=["*"], **COMMON)

    def scan_resource_conf(self, conf):
        return CheckResult.PASSED


class ScannedData(BaseDataCheck):
    def __init__(self):
        super().__init__(id="SCANNED_DATA", supported_data=["*"], **COMMON)

    def scan_data_conf(self, conf):
        return CheckResult.PASSED


class ScannedObject(BaseK8Check):
    def __init__(self):
        super().__init__(id="SCANNED_OBJECT", supported_entities=["*"], **COMMON)

    def scan_spec_conf(self, conf):
        return CheckResult.PASSED


ScannedResource()
ScannedData()
ScannedObject()
