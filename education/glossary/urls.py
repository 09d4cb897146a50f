from django.urls import path

from education.glossary import views

urlpatterns = [path("glossary/", views.glossary, name="glossary")]
