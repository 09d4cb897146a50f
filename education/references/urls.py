from django.urls import path

from education.references import views

urlpatterns = [path("references/<slug:key>/", views.reference, name="reference")]
