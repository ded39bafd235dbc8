output "webhook_url" {
  description = "The webhook URL of the GitHub App."
  value       = "${google_cloud_run_v2_service.sitrep.uri}/api/github/webhooks"
}

output "service_account" {
  description = "Whom other projects grant the read roles."
  value       = google_service_account.sitrep.email
}
