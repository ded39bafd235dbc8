resource "google_project_service" "used" {
  for_each = toset([
    "artifactregistry.googleapis.com",
    "iam.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "sqladmin.googleapis.com",
  ])

  service            = each.value
  disable_on_destroy = false
}

resource "google_cloud_run_v2_service" "sitrep" {
  name                = "sitrep"
  location            = var.region
  ingress             = "INGRESS_TRAFFIC_ALL"
  deletion_protection = true

  template {
    service_account       = google_service_account.sitrep.email
    execution_environment = "EXECUTION_ENVIRONMENT_GEN2"
    timeout               = "30s"

    scaling {
      # Checkpoints, samples and living comments come by themselves: one process is always there.
      min_instance_count = 1
      max_instance_count = var.max_instances
    }

    containers {
      image = local.image

      ports {
        container_port = 3000
      }

      env {
        name  = "HOST"
        value = "0.0.0.0"
      }
      env {
        name  = "APP_ID"
        value = tostring(var.app_id)
      }
      env {
        name  = "SITREP_POLICY"
        value = "/etc/sitrep/sitrep.policy.yml"
      }

      dynamic "env" {
        for_each = {
          PRIVATE_KEY    = "sitrep-private-key"
          WEBHOOK_SECRET = "sitrep-webhook-secret"
          DATABASE_URL   = "sitrep-database-url"
        }
        content {
          name = env.key
          value_source {
            secret_key_ref {
              secret  = env.value
              version = google_secret_manager_secret_version.own[env.value].version
            }
          }
        }
      }

      resources {
        limits = {
          cpu    = "1"
          memory = "1Gi"
        }
        # The processor stays between requests, since most of the work is none.
        cpu_idle          = false
        startup_cpu_boost = true
      }

      startup_probe {
        http_get {
          path = "/readyz"
        }
        period_seconds    = 2
        timeout_seconds   = 2
        failure_threshold = 60
      }

      liveness_probe {
        http_get {
          path = "/healthz"
        }
        period_seconds    = 30
        timeout_seconds   = 5
        failure_threshold = 3
      }

      volume_mounts {
        name       = "policy"
        mount_path = "/etc/sitrep"
      }

      dynamic "volume_mounts" {
        for_each = var.create_database ? ["cloudsql"] : []
        content {
          name       = volume_mounts.value
          mount_path = "/cloudsql"
        }
      }
    }

    volumes {
      name = "policy"
      secret {
        secret = google_secret_manager_secret.policy.secret_id
        items {
          version = google_secret_manager_secret_version.policy.version
          path    = "sitrep.policy.yml"
        }
      }
    }

    dynamic "volumes" {
      for_each = google_sql_database_instance.sitrep
      content {
        name = "cloudsql"
        cloud_sql_instance {
          instances = [volumes.value.connection_name]
        }
      }
    }
  }

  lifecycle {
    precondition {
      condition     = !contains(var.watched_regions, var.region)
      error_message = "Sitrep would fail together with the region ${var.region}, which it watches: choose another one."
    }
  }

  depends_on = [
    google_secret_manager_secret_iam_member.own,
    google_secret_manager_secret_iam_member.policy,
    google_project_iam_member.connects,
    google_sql_database.sitrep,
    google_sql_user.sitrep,
  ]
}

# GitHub brings no identity of Google: the webhook's signature is what lets it in.
resource "google_cloud_run_v2_service_iam_member" "github" {
  name     = google_cloud_run_v2_service.sitrep.name
  location = var.region
  role     = "roles/run.invoker"
  member   = "allUsers"
}
