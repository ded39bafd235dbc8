resource "google_sql_database_instance" "sitrep" {
  count = var.create_database ? 1 : 0

  name                = "sitrep"
  region              = var.region
  database_version    = "POSTGRES_17"
  deletion_protection = true

  settings {
    tier              = var.database_tier
    edition           = "ENTERPRISE"
    availability_type = "REGIONAL"

    backup_configuration {
      enabled                        = true
      point_in_time_recovery_enabled = true
    }

    ip_configuration {
      # Reached over the socket that Cloud Run brings, which asks IAM; nobody else is let in.
      ipv4_enabled = true
      ssl_mode     = "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"
    }
  }

  depends_on = [google_project_service.used]
}

resource "google_sql_database" "sitrep" {
  count = var.create_database ? 1 : 0

  name     = "sitrep"
  instance = google_sql_database_instance.sitrep[0].name
}

resource "google_sql_user" "sitrep" {
  count = var.create_database ? 1 : 0

  name                = "sitrep"
  instance            = google_sql_database_instance.sitrep[0].name
  password_wo         = var.database_password
  password_wo_version = var.secrets_version
}

resource "google_project_iam_member" "connects" {
  count = var.create_database ? 1 : 0

  project = var.project
  role    = "roles/cloudsql.client"
  member  = google_service_account.sitrep.member
}
