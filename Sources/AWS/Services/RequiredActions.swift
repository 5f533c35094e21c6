/// The IAM actions that a spoke's role in an account needs, as data: the policy, its check and the guide are made of it.
package enum RequiredActions {
    /// What the code calls itself, in the account that is recovered.
    package static let called: [String] = [
        "drs:DescribeJobLogItems", "drs:DescribeJobs", "drs:DescribeRecoveryInstances",
        "drs:DescribeRecoverySnapshots", "drs:DescribeSourceServers", "drs:GetLaunchConfiguration",
        "drs:ListTagsForResource", "drs:StartRecovery", "drs:TagResource", "drs:TerminateRecoveryInstances",
        "ec2:DescribeInstances",
    ]

    /// What is asked for where it is allowed, and done without where it is not.
    ///
    /// Those of recovery plans show what DRS's own recovery plans are doing, so that nothing is launched in their way.
    package static let optional: [String] = [
        "drs:ListRecoveryPlanExecutionSteps", "drs:ListRecoveryPlanExecutions", "drs:ListRecoveryPlanSteps",
        "drs:ListRecoveryPlans", "iam:SimulatePrincipalPolicy", "servicequotas:ListServiceQuotas", "sns:Publish",
    ]

    /// What DRS does with the caller's own permissions while it recovers (AWS service authorization reference, StartRecovery).
    package static let ofStartRecovery: [String] = [
        "drs:CreateRecoveryInstanceForDrs", "drs:ListTagsForResource", "ec2:AttachVolume",
        "ec2:AuthorizeSecurityGroupEgress", "ec2:AuthorizeSecurityGroupIngress", "ec2:CreateLaunchTemplate",
        "ec2:CreateLaunchTemplateVersion", "ec2:CreateSnapshot", "ec2:CreateTags", "ec2:CreateVolume",
        "ec2:DeleteLaunchTemplateVersions", "ec2:DeleteSnapshot", "ec2:DeleteVolume", "ec2:DescribeAccountAttributes",
        "ec2:DescribeAvailabilityZones", "ec2:DescribeImages", "ec2:DescribeInstanceAttribute",
        "ec2:DescribeInstanceStatus", "ec2:DescribeInstanceTypes", "ec2:DescribeInstances",
        "ec2:DescribeLaunchTemplateVersions", "ec2:DescribeLaunchTemplates", "ec2:DescribeSecurityGroups",
        "ec2:DescribeSnapshots", "ec2:DescribeSubnets", "ec2:DescribeVolumes", "ec2:DetachVolume",
        "ec2:ModifyInstanceAttribute", "ec2:ModifyLaunchTemplate", "ec2:RevokeSecurityGroupEgress", "ec2:RunInstances",
        "ec2:StartInstances", "ec2:StopInstances", "ec2:TerminateInstances", "iam:PassRole",
    ]

    /// What DRS does with the caller's own permissions while it terminates (the same, TerminateRecoveryInstances).
    package static let ofTermination: [String] = [
        "drs:DescribeSourceServers", "ec2:DeleteVolume", "ec2:DescribeInstances", "ec2:DescribeVolumes",
        "ec2:TerminateInstances",
    ]

    /// Everything that a recovery and its clean-up need, sorted, each once.
    package static let all: [String] = Set(called + ofStartRecovery + ofTermination).sorted()
}
