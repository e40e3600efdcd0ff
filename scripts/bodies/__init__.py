"""What each kind of body that merchants bring is measured by; ``bench_bodies.py`` runs them all."""
