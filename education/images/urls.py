from django.urls import path

from education.images import views

urlpatterns = [path("media/pictures/<str:name>", views.picture_file, name="picture_file")]
