locals {
  # The address of the made instance is known before it is there. Cloud Run brings its socket to /cloudsql.
  socket = "/cloudsql/${var.project}:${var.region}:sitrep"
  database_url = (
    var.create_database
    ? "postgres://sitrep:${var.database_password}@localhost/sitrep?host=${urlencode(local.socket)}"
    : var.database_url
  )
  secrets = {
    sitrep-private-key    = var.private_key
    sitrep-webhook-secret = var.webhook_secret
    sitrep-database-url   = local.database_url
  }
  secret_names = toset(["sitrep-private-key", "sitrep-webhook-secret", "sitrep-database-url"])
}

resource "google_secret_manager_secret" "own" {
  for_each = local.secret_names

  secret_id = each.value

  # In Sitrep's region alone, as everything that it needs to start.
  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }

  depends_on = [google_project_service.used]
}

resource "google_secret_manager_secret_version" "own" {
  for_each = local.secret_names

  secret                 = google_secret_manager_secret.own[each.value].id
  secret_data_wo         = local.secrets[each.value]
  secret_data_wo_version = var.secrets_version
}

resource "google_secret_manager_secret_iam_member" "own" {
  for_each = local.secret_names

  secret_id = google_secret_manager_secret.own[each.value].id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.sitrep.member
}

# Which repositories may read what is no secret, but a file that the server reads: a secret is the volume that Cloud Run has.
resource "google_secret_manager_secret" "policy" {
  secret_id = "sitrep-policy"

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }

  depends_on = [google_project_service.used]
}

resource "google_secret_manager_secret_version" "policy" {
  secret      = google_secret_manager_secret.policy.id
  secret_data = var.policy
}

resource "google_secret_manager_secret_iam_member" "policy" {
  secret_id = google_secret_manager_secret.policy.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.sitrep.member
}
