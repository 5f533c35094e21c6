package import Ambient
package import PostgreSQL
package import Recovery
package import Reporting

/// Reports of campaigns as they were made: added, read, and never changed.
package enum CampaignReportStatements {
    /// One that is to be kept.
    package struct New: Sendable {
        package var report: CampaignReport
        package var seal: ReportSeal
        package var id: Identifier<CampaignReport>
        package var occasion: String

        package init(_ report: CampaignReport, _ seal: ReportSeal, id: Identifier<CampaignReport>, occasion: String) {
            self.report = report
            self.seal = seal
            self.id = id
            self.occasion = occasion
        }
    }

    package static func insert(_ new: New) -> Statement {
        let identity = new.report.identity
        return Statement(
            """
            INSERT INTO campaign_report (report_id, campaign_id, version, occasion, why, made_at, document, seal_document,
                                         signature)
            VALUES (\(new.id), \(identity.campaignId), \(identity.version), \(new.occasion), \(identity.why),
                    \(identity.madeAt), \(new.seal.content ?? new.report.text), \(new.seal.document), \(new.seal.signature))
            """
        )
    }

    /// How many reports there are of a campaign, and whether one was made for an occasion.
    package static func standing(of id: Campaign.ID, _ occasion: String) -> Query<(versions: Int, isMade: Bool)> {
        Query(
            """
            SELECT coalesce(max(version), 0), coalesce(bool_or(occasion = \(occasion)), false)
              FROM campaign_report WHERE campaign_id = \(id)
            """
        ) { row in (try row.read(), try row.read()) }
    }

    /// A version with its content; nil: the newest.
    package static func document(
        of id: Campaign.ID,
        version: Int?
    ) -> Query<(document: String, seal: String, signature: String)> {
        let which: SQL = version.map { "AND version = \($0)" } ?? ""
        return Query(
            """
            SELECT document, seal_document, signature FROM campaign_report
             WHERE campaign_id = \(id) \(which) ORDER BY version DESC LIMIT 1
            """
        ) { row in (try row.read(), try row.read(), try row.read()) }
    }

    /// A version without its content.
    package struct Version: Sendable, Hashable {
        package var reportId: Identifier<CampaignReport>
        package var version: Int
        package var why: String
        package var madeAt: Instant
        package var sealDocument: String
        package var signature: String
    }

    /// The versions of a campaign's report, the newest first.
    package static func versions(of id: Campaign.ID, before version: Int?, limit: Int) -> Query<Version> {
        let page: SQL = version.map { "AND version < \($0)" } ?? ""
        return Query(
            """
            SELECT report_id, version, why, made_at, seal_document, signature FROM campaign_report
             WHERE campaign_id = \(id) \(page) ORDER BY version DESC LIMIT \(limit)
            """
        ) { row in
            Version(
                reportId: try row.read(),
                version: try row.read(),
                why: try row.read(),
                madeAt: try row.read(),
                sealDocument: try row.read(),
                signature: try row.read()
            )
        }
    }

    /// What the newest report of each drill of a campaign says.
    ///
    /// The database takes it out of the kept documents: read whole they are megabytes.
    package static func results(of id: Campaign.ID) -> Query<(execution: Execution.ID, result: CampaignReport.Result)> {
        Query(
            """
            SELECT n.execution_id,
                   jsonb_build_object(
                       'reportId', n.report_id, 'version', n.version, 'contentHash', n.seal -> 'contentHash',
                       'application', n.d #> '{identity,application}', 'owner', n.d #> '{identity,owner}',
                       'verdict', n.d #> '{summary,verdict}', 'results', n.d #> '{summary,results}',
                       'counts', n.d #> '{summary,counts}',
                       'lastLaunchAt', CASE WHEN (n.d #>> '{recoveryTime,isReached}')::boolean
                                            THEN n.d #> '{recoveryTime,anatomy,to}' END,
                       'cleanUp', n.d -> 'cleanUp', 'findings', n.d -> 'findings',
                       'signatures', (SELECT count(*) FROM jsonb_array_elements(n.d #> '{signOff,signatures}') s
                                       WHERE s ->> 'withdrawnAt' IS NULL))
              FROM campaign_item i
              JOIN LATERAL (
                  SELECT r.execution_id, r.report_id, r.version, r.document::jsonb AS d, r.seal_document::jsonb AS seal
                    FROM report r WHERE r.execution_id = i.execution_id ORDER BY r.version DESC LIMIT 1) n ON true
             WHERE i.campaign_id = \(id)
            """
        ) { row in (try row.read(), try row.readDocument()) }
    }

    /// A campaign that is to have another report.
    package struct Due: Sendable, Hashable {
        package var campaignId: Campaign.ID
        package var occasion: String
    }

    /// What ended after a moment and has no report of its drills' reports as they are now.
    ///
    /// It waits while a drill has no report of its end, runs again, or is being cleaned up: each would be another version
    /// a moment later.
    package static func due(endedAfter moment: Instant, limit: Int) -> Query<Due> {
        Query(
            """
            SELECT d.campaign_id, d.occasion
              FROM (SELECT k.campaign_id, k.ended_at,
                           encode(sha256(convert_to(coalesce(
                               string_agg(n.report_id::text, ' ' ORDER BY i.position), ''), 'UTF8')), 'hex')
                      FROM campaign k
                      JOIN campaign_item i ON i.campaign_id = k.campaign_id
                      LEFT JOIN execution e ON e.execution_id = i.execution_id
                      LEFT JOIN LATERAL (
                          SELECT r.report_id FROM report r WHERE r.execution_id = i.execution_id
                           ORDER BY r.version DESC LIMIT 1) n ON true
                     WHERE k.ended_at > \(moment)
                     GROUP BY k.campaign_id
                    HAVING NOT bool_or(i.execution_id IS NOT NULL AND n.report_id IS NULL)
                       AND NOT bool_or(e.execution_id IS NOT NULL AND e.ended_at IS NULL)
                       AND NOT bool_or(coalesce(e.control -> 'cleanUp' ->> 'state' = 'RUNNING', false)))
                   AS d (campaign_id, ended_at, occasion)
             WHERE NOT EXISTS (SELECT FROM campaign_report c
                                WHERE c.campaign_id = d.campaign_id AND c.occasion = d.occasion)
             ORDER BY d.ended_at LIMIT \(limit)
            """
        ) { row in Due(campaignId: try row.read(), occasion: try row.read()) }
    }

    /// The name of the campaign that an execution was a drill of.
    package static func campaign(of id: Execution.ID) -> Query<String> {
        Query(
            """
            SELECT k.campaign_name FROM campaign_item i JOIN campaign k ON k.campaign_id = i.campaign_id
             WHERE i.execution_id = \(id) LIMIT 1
            """
        ) { row in try row.read() }
    }
}
